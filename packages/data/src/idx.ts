// The IDX format of the MNIST files: two zero bytes, an element type, the number of axes, each extent
// as a big-endian uint32, then the elements in big-endian row-major order.
// Format: http://yann.lecun.com/exdb/mnist/, section "The IDX file format".

import { DataError, formatShape, type TypedArray } from "@chainrule/core";
import { isGzip } from "./gunzip.js";
import type { HostArray } from "./host-array.js";

interface ElementType {
  readonly bytes: number;
  read(view: DataView, start: number, count: number): TypedArray;
}

// int8 and int16 have no dtype of their own: they widen to int32 without loss.
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, read: readUint8 }],
  [
    0x09,
    {
      bytes: 1,
      read: (view, start, count) => fill(new Int32Array(count), (i) => view.getInt8(start + i)),
    },
  ],
  [
    0x0b,
    {
      bytes: 2,
      read: (view, start, count) =>
        fill(new Int32Array(count), (i) => view.getInt16(start + 2 * i)),
    },
  ],
  [
    0x0c,
    {
      bytes: 4,
      read: (view, start, count) =>
        fill(new Int32Array(count), (i) => view.getInt32(start + 4 * i)),
    },
  ],
  [
    0x0d,
    {
      bytes: 4,
      read: (view, start, count) =>
        fill(new Float32Array(count), (i) => view.getFloat32(start + 4 * i)),
    },
  ],
  [
    0x0e,
    {
      bytes: 8,
      read: (view, start, count) =>
        fill(new Float64Array(count), (i) => view.getFloat64(start + 8 * i)),
    },
  ],
]);

/**
 * Reads an IDX file: uint8, int32, float32 and float64 as they are, int8 and int16 as int32.
 *
 * Everything the header claims is checked against the length of `bytes` before memory is taken. uint8
 * data is not copied: it shares memory with `bytes`.
 *
 * Throws: {@link DataError} when the bytes are packed, not IDX, cut short, or longer than they say.
 *
 * @example
 * readIdx(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 9)) // => { data: [7, 9], shape: [2] }
 */
export function readIdx(bytes: Uint8Array): HostArray {
  if (isGzip(bytes)) {
    throw new DataError("readIdx", "the bytes must be an unpacked IDX file", {
      expected: "an IDX header",
      got: "gzip data",
      fix: "Unpack them first: readIdx(await gunzip(bytes)).",
    });
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const type = elementTypeOf(bytes);
  const axes = bytes[3] ?? 0;
  const start = 4 + 4 * axes;
  if (bytes.length < start)
    throw truncated(`a header of ${start} bytes for ${axes} axes`, bytes.length);
  const shape = Array.from({ length: axes }, (_, axis) => view.getUint32(4 + 4 * axis));
  // A double loses digits only past 2^53, and no array of bytes is that long: the comparison is exact.
  const count = shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
  const wanted = start + count * type.bytes;
  const expected = `${wanted} bytes for shape ${formatShape(shape)} of ${type.bytes}-byte elements`;
  if (bytes.length < wanted) throw truncated(expected, bytes.length);
  if (bytes.length > wanted) {
    throw new DataError("readIdx", "the file must end after its last element", {
      expected,
      got: `${bytes.length} bytes`,
      fix: "The header or the file is damaged: fetch it again.",
    });
  }
  return { data: type.read(view, start, count), shape };
}

function elementTypeOf(bytes: Uint8Array): ElementType {
  if (bytes.length < 4) throw truncated("at least 4 bytes", bytes.length);
  const type = elementTypes.get(bytes[2] ?? 0);
  if (bytes[0] === 0 && bytes[1] === 0 && type !== undefined) return type;
  const hex = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, "0"));
  throw new DataError("readIdx", "the file must begin with an IDX magic number", {
    expected: "00 00, then a type 08, 09, 0b, 0c, 0d or 0e",
    got: hex.join(" "),
    fix: "This is not an IDX file: check its name, or whether a web page was saved in its place.",
  });
}

function truncated(expected: string, length: number): DataError {
  return new DataError("readIdx", "the file must be complete", {
    expected,
    got: `${length} bytes`,
    fix: "It was cut short: fetch it again.",
  });
}

function readUint8(view: DataView, start: number, count: number): Uint8Array {
  return new Uint8Array(view.buffer, view.byteOffset + start, count);
}

function fill<A extends TypedArray>(out: A, read: (index: number) => number): A {
  for (let i = 0; i < out.length; i++) out[i] = read(i);
  return out;
}
