import { type Backend, BackendError, InternalError } from "@chainrule/core";
import {
  call,
  coord,
  type Kernel,
  layout,
  load,
  type Operand,
  operandSpec,
} from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { tfjs } from "./backend.js";

let backend: Backend;

beforeAll(() => {
  tf.env().set("PROD", true); // tfjs-cpu greets on the first use
});
beforeEach(async () => {
  backend = await tfjs();
});
afterEach(() => backend.close());

const matrix = layout([2, 3]);

/** y = x + 1 of any strides. */
function plusOne(x: Operand, y: Operand): void {
  const spec = operandSpec("float32", layout([2, 3], [7, 2]));
  const kernel: Kernel = {
    name: "plus one",
    outer: 2,
    axes: [0, 1].map((dim) => ({ operand: 1, dim })),
    inputs: [spec],
    scalars: [],
    stages: [],
    outputs: [{ ...spec, value: call("add", load(0, "float32", [coord(0), coord(1)]), 1) }],
  };
  backend.compileKernel(kernel).run([x], [], [y]);
}

describe("memory", () => {
  test("uploads a copy, writes a part, reads a copy", async () => {
    const source = Int32Array.of(1, 2, 3, 4);
    const handle = backend.upload(source, "int32");
    source.fill(0);
    backend.write(handle, 2, Int32Array.of(9));
    expect(await backend.read(handle, 1, 3)).toEqual(Int32Array.of(2, 9, 4));
    backend.readSync?.(handle, 0, 4).fill(7);
    expect(backend.readSync?.(handle, 0, 1)).toEqual(Int32Array.of(1));
  });

  test("keeps uint8 and bool, which come back as bytes", async () => {
    const bytes = Uint8Array.of(0, 200, 255);
    expect(await backend.read(backend.upload(bytes, "uint8"), 0, 3)).toEqual(bytes);
    const bools = Uint8Array.of(0, 1, 1);
    expect(await backend.read(backend.upload(bools, "bool"), 1, 2)).toEqual(Uint8Array.of(1, 1));
  });

  test("a part that is written first leaves the rest as it is", async () => {
    const handle = backend.allocate(5, "float32");
    backend.write(handle, 0, Float32Array.of(1, 2, 3, 4, 5));
    backend.write(handle, 4, Float32Array.of(9));
    backend.write(handle, 0, Float32Array.of(7, 8));
    expect(await backend.read(handle, 0, 5)).toEqual(Float32Array.of(7, 8, 3, 4, 9));
  });

  test("free disposes the tensor, and a second time changes nothing", () => {
    const before = tf.memory().numTensors;
    const handle = backend.upload(new Float32Array(10), "float32");
    expect(tf.memory().numTensors).toBe(before + 1);
    backend.free(handle);
    backend.free(handle);
    expect(tf.memory().numTensors).toBe(before);
  });

  test("what it makes inside tf.tidy outlives it", async () => {
    let handle: object = {};
    tf.tidy(() => {
      handle = backend.upload(Float32Array.of(1), "float32");
    });
    expect(await backend.read(handle, 0, 1)).toEqual(Float32Array.of(1));
  });

  test("reads and writes outside a buffer are internal errors", () => {
    const handle = backend.allocate(4, "float32");
    expect(() => backend.readSync?.(handle, 2, 3)).toThrowErrorMatchingInlineSnapshot(
      `[InternalError: [internal: tfjs read] elements must lie inside the buffer: expected 0 to 4, got 2 to 5. This is a fault in Chainrule: please report.]`,
    );
    expect(() => backend.write(handle, 4, Float32Array.of(1))).toThrow(InternalError);
  });

  test("what cannot be stored is refused", () => {
    expect(() => backend.allocate(2, "float64")).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: [tfjs] TensorFlow.js must have the dtype: expected float32, int32, uint8 or bool, got float64. Convert with astype("float32"), or use another backend.]`,
    );
    expect(() => backend.upload(new Float64Array(2), "float64")).toThrow(BackendError);
    expect(() => backend.allocate(2 ** 40, "float32")).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: [tfjs] an array must fit in memory: expected at most 2147483648 bytes, got 4398046511104 bytes. Work in smaller batches.]`,
    );
    expect(() => backend.allocate(-1, "float32")).toThrow(BackendError);
  });
});

describe("kernels", () => {
  const source = Float32Array.from({ length: 20 }, (_, i) => i);

  test.each([
    ["in one run", [3, 1], 2, [3, 4, 5, 6, 7, 8]],
    ["transposed", [1, 2], 0, [1, 3, 5, 2, 4, 6]],
    ["with gaps", [7, 2], 1, [2, 4, 6, 9, 11, 13]],
    ["backwards", [-3, 1], 10, [11, 12, 13, 8, 9, 10]],
    ["repeated", [0, 1], 4, [5, 6, 7, 5, 6, 7]],
    ["overlapping", [1, 1], 0, [1, 2, 3, 2, 3, 4]],
  ])("read elements that lie %s", async (_, strides, offset, expected) => {
    const x = backend.upload(source, "float32");
    const y = backend.allocate(6, "float32");
    plusOne(
      { buffer: x, layout: layout([2, 3], strides), offset, dtype: "float32" },
      { buffer: y, layout: matrix, offset: 0, dtype: "float32" },
    );
    expect([...(await backend.read(y, 0, 6))]).toEqual(expected);
  });

  test.each([
    ["a run", [3, 1], 1, [0, 1, 2, 3, 4, 5, 6, 0]],
    ["turned around", [1, 2], 1, [0, 1, 4, 2, 5, 3, 6, 0]],
    ["with gaps", [4, 1], 0, [1, 2, 3, 0, 4, 5, 6, 0]],
  ])("write %s and keep the rest", async (_, strides, offset, expected) => {
    const x = backend.upload(source, "float32");
    const y = backend.upload(new Float32Array(8), "float32");
    plusOne(
      { buffer: x, layout: matrix, offset: 0, dtype: "float32" },
      { buffer: y, layout: layout([2, 3], strides), offset, dtype: "float32" },
    );
    expect([...(await backend.read(y, 0, 8))]).toEqual(expected);
  });

  test("leave no tensors behind", () => {
    const x = backend.upload(source, "float32");
    const y = backend.allocate(6, "float32");
    const run = (): void =>
      plusOne(
        { buffer: x, layout: layout([2, 3], [7, 2]), offset: 0, dtype: "float32" },
        { buffer: y, layout: matrix, offset: 0, dtype: "float32" },
      );
    run();
    const before = tf.memory().numTensors;
    run();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe("the TensorFlow.js backend", () => {
  test("is cpu unless another is named, which must be registered", async () => {
    expect(backend.info().device).toMatch(/^TensorFlow\.js \d.*, backend cpu$/);
    await expect(tfjs({ backend: "webgl" })).rejects.toThrowErrorMatchingInlineSnapshot(
      `[BackendError: [tfjs] the TensorFlow.js backend must be registered: expected a registered backend, got "webgl". Install it and write: import "@tensorflow/tfjs-backend-webgl";]`,
    );
    // @ts-expect-error a value that the types exclude
    await expect(tfjs({ backend: 1 })).rejects.toThrow(BackendError);
  });

  test("that is current elsewhere stays so", async () => {
    tf.registerBackend("other", () => tf.engine().findBackend("cpu"));
    await tf.setBackend("other");
    try {
      const x = backend.upload(Float32Array.of(1, 2, 3, 4, 5, 6), "float32");
      const y = backend.allocate(6, "float32");
      const whole = (buffer: object): Operand => ({
        buffer,
        layout: matrix,
        offset: 0,
        dtype: "float32",
      });
      plusOne(whole(x), whole(y));
      expect([...(await backend.read(y, 0, 6))]).toEqual([2, 3, 4, 5, 6, 7]);
      expect(tf.getBackend()).toBe("other");
    } finally {
      await tf.setBackend("cpu");
      tf.removeBackend("other");
    }
  });
});

test("a closed backend refuses work, has no tensors, and says what to do", async () => {
  const before = tf.memory().numTensors;
  const other = await tfjs();
  const handle = other.upload(new Float32Array(2), "float32");
  await other.ready();
  await other.close();
  expect(tf.memory().numTensors).toBe(before);
  expect(() => other.allocate(2, "float32")).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: [tfjs] a closed backend cannot be used: expected an open backend, got one whose close() was called. Make a new one with await tfjs().]`,
  );
  expect(() => other.upload(new Float32Array(1), "float32")).toThrow(BackendError);
  expect(() => other.write(handle, 0, new Float32Array(1))).toThrow(BackendError);
  expect(() => other.readSync?.(handle, 0, 1)).toThrow(BackendError);
  await expect(other.read(handle, 0, 1)).rejects.toThrow(BackendError);
  await expect(other.ready()).rejects.toThrow(BackendError);
  other.free(handle);
});
