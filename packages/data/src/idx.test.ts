import { DataError } from "@chainrule/core";
import { describe, expect, it } from "vitest";
import { readIdx } from "./idx.js";

/** An IDX file by hand: type code, extents, and the element bytes. */
function idx(type: number, extents: readonly number[], elements: readonly number[]): Uint8Array {
  const header = extents.flatMap((n) => [n >>> 24, (n >>> 16) & 255, (n >>> 8) & 255, n & 255]);
  return Uint8Array.from([0, 0, type, extents.length, ...header, ...elements]);
}

describe("readIdx", () => {
  it("reads uint8 with any number of axes", () => {
    const file = readIdx(idx(0x08, [2, 1, 3], [1, 2, 3, 4, 5, 255]));
    expect(file).toEqual({ data: Uint8Array.of(1, 2, 3, 4, 5, 255), shape: [2, 1, 3] });
  });

  it("reads numbers of several bytes from the most significant one on", () => {
    expect(readIdx(idx(0x0c, [2], [0, 0, 1, 2, 255, 255, 255, 254])).data).toEqual(
      Int32Array.of(258, -2),
    );
    expect(readIdx(idx(0x0d, [1], [0x3f, 0xc0, 0, 0])).data).toEqual(Float32Array.of(1.5));
    expect(readIdx(idx(0x0e, [1], [0xbf, 0xf8, 0, 0, 0, 0, 0, 0])).data).toEqual(
      Float64Array.of(-1.5),
    );
  });

  it("widens int8 and int16 to int32", () => {
    expect(readIdx(idx(0x09, [2], [0xff, 0x7f])).data).toEqual(Int32Array.of(-1, 127));
    expect(readIdx(idx(0x0b, [2], [0xff, 0xfe, 0x01, 0x00])).data).toEqual(Int32Array.of(-2, 256));
  });

  it("shares uint8 memory with a view that begins anywhere", () => {
    const padded = Uint8Array.from([9, 9, 9, ...idx(0x08, [2], [5, 6])]);
    const { data } = readIdx(padded.subarray(3));
    expect(data).toEqual(Uint8Array.of(5, 6));
    expect(data.buffer).toBe(padded.buffer);
  });

  it("takes an empty axis, whatever the others claim", () => {
    expect(readIdx(idx(0x08, [0xffffffff, 0], []))).toEqual({
      data: new Uint8Array(0),
      shape: [0xffffffff, 0],
    });
  });

  it("refuses a file that was cut short", () => {
    expect(() => readIdx(idx(0x08, [2, 2], [1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[DataError: [readIdx] the file must be complete: expected 16 bytes for shape [2, 2] of 1-byte elements, got 15 bytes. It was cut short: fetch it again.]`,
    );
    expect(() => readIdx(Uint8Array.of(0, 0, 8))).toThrow(DataError);
    expect(() => readIdx(Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1))).toThrow(/16 bytes for 3 axes/);
    expect(() => readIdx(new Uint8Array(0))).toThrow(DataError);
  });

  it("refuses bytes after the last element", () => {
    expect(() => readIdx(idx(0x08, [2], [1, 2, 3]))).toThrowErrorMatchingInlineSnapshot(
      `[DataError: [readIdx] the file must end after its last element: expected 10 bytes for shape [2] of 1-byte elements, got 11 bytes. The header or the file is damaged: fetch it again.]`,
    );
  });

  it("refuses other files by their first bytes", () => {
    expect(() =>
      readIdx(new TextEncoder().encode("<!doctype html>")),
    ).toThrowErrorMatchingInlineSnapshot(
      `[DataError: [readIdx] the file must begin with an IDX magic number: expected 00 00, then a type 08, 09, 0b, 0c, 0d or 0e, got 3c 21 64 6f. This is not an IDX file: check its name, or whether a web page was saved in its place.]`,
    );
    expect(() => readIdx(idx(0x0a, [1], [1]))).toThrow(/IDX magic number/);
    expect(() => readIdx(Uint8Array.of(0x1f, 0x8b, 8, 0))).toThrow(/gunzip/);
  });

  it("refuses products of extents beyond memory, and beyond exact numbers, without taking memory", () => {
    const axes = Array.from({ length: 255 }, () => 0xffffffff);
    expect(() => readIdx(idx(0x08, [0xffffffff, 0xffffffff], [1]))).toThrow(DataError);
    expect(() => readIdx(idx(0x0e, axes, [1]))).toThrow(DataError);
    // 2^16 · 2^16 is 0 in 32-bit arithmetic.
    expect(() => readIdx(idx(0x08, [65536, 65536], []))).toThrow(DataError);
  });
});
