import { BackendError, InternalError } from "@chainrule/core";
import {
  type BufferHandle,
  call,
  coord,
  type Kernel,
  layout,
  load,
  type Operand,
  operandSpec,
} from "@chainrule/kernel";
import { afterEach, describe, expect, test, vi } from "vitest";
import { js } from "./backend.js";

afterEach(() => vi.unstubAllGlobals());

const flat = layout([3]);

/** y = exp(x) + 1 over three elements. */
const kernel: Kernel = {
  name: "exp plus 1",
  outer: 1,
  axes: [{ operand: 1, dim: 0 }],
  inputs: [operandSpec("float32", flat)],
  scalars: [],
  stages: [],
  outputs: [
    {
      ...operandSpec("float32", flat),
      value: call("add", call("exp", load(0, "float32", [coord(0)])), 1),
    },
  ],
};

function operand(buffer: BufferHandle): Operand {
  return { buffer, layout: flat, offset: 0, dtype: "float32" };
}

function results(backend: ReturnType<typeof js>): readonly number[] {
  const x = backend.upload(Float32Array.of(0, 1, Number.NaN), "float32");
  const y = backend.allocate(3, "float32");
  backend.compileKernel(kernel).run([operand(x)], [], [operand(y)]);
  return [...(backend.readSync?.(y, 0, 3) ?? [])];
}

describe("memory", () => {
  const backend = js();

  test("uploads a copy, writes a part, reads a copy", async () => {
    const source = Int32Array.of(1, 2, 3, 4);
    const handle = backend.upload(source, "int32");
    source.fill(0);
    backend.write(handle, 2, Int32Array.of(9));
    expect(await backend.read(handle, 1, 3)).toEqual(Int32Array.of(2, 9, 4));
    backend.readSync?.(handle, 0, 4).fill(7);
    expect(backend.readSync?.(handle, 0, 1)).toEqual(Int32Array.of(1));
  });

  test("a freed array is used again for the same length and dtype only", () => {
    const memory = (handle: BufferHandle): unknown => (handle as { data: unknown }).data;
    const first = backend.allocate(1000, "float32");
    const array = memory(first);
    backend.free(first);
    backend.free(first); // a second time changes nothing
    expect(memory(backend.allocate(1000, "int32"))).toBeInstanceOf(Int32Array);
    expect(memory(backend.allocate(1001, "float32"))).not.toBe(array);
    expect(memory(backend.allocate(1000, "float32"))).toBe(array);
    expect(memory(backend.allocate(1000, "float32"))).not.toBe(array);
  });

  test("a freed handle holds nothing", () => {
    const handle = backend.upload(new Float32Array(100), "float32");
    backend.free(handle);
    expect(() => backend.readSync?.(handle, 0, 1)).toThrow(InternalError);
  });

  test("reads and writes outside a buffer are internal errors", () => {
    const handle = backend.allocate(4, "float32");
    expect(() => backend.readSync?.(handle, 2, 3)).toThrowErrorMatchingInlineSnapshot(
      `[InternalError: [internal: js read] elements must lie inside the buffer: expected 0 to 4, got 2 to 5. This is a fault in Chainrule: please report.]`,
    );
    expect(() => backend.write(handle, 4, Float32Array.of(1))).toThrow(InternalError);
  });

  test("an array that cannot exist is an error that says how much there is", () => {
    expect(() => backend.allocate(2 ** 40, "float32")).toThrow(BackendError);
    expect(() => backend.allocate(2 ** 40, "float32")).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: [js] an array must fit in memory: expected at most 2147483648 bytes, and as much free, got 4398046511104 bytes. Work in smaller batches.]`,
    );
    expect(() => backend.allocate(-1, "float32")).toThrow(BackendError);
  });
});

describe("code generation", () => {
  test("is on where it is allowed", () => {
    const backend = js();
    expect(backend.info().features).toEqual({ "code generation": "on" });
    expect(results(backend)).toEqual([2, Math.fround(Math.E + 1), Number.NaN]);
  });

  test("gives way to the interpreter where the environment forbids it", () => {
    vi.stubGlobal("Function", function refuse() {
      throw new EvalError("Code generation from strings disallowed for this context");
    });
    const backend = js();
    expect(backend.info().features).toMatchInlineSnapshot(`
      {
        "code generation": "off: kernels are interpreted, as the environment forbids it (Code generation from strings disallowed for this context)",
      }
    `);
    expect(results(backend)).toEqual(results(js({ csp: "strict" })));
  });

  test('is not even tried with csp: "strict", and results are the same to the bit', () => {
    const expected = results(js());
    const spy = vi.fn(() => {
      throw new EvalError("no");
    });
    vi.stubGlobal("Function", spy);
    const backend = js({ csp: "strict" });
    expect(results(backend)).toEqual(expected);
    expect(spy).not.toHaveBeenCalled();
    expect(backend.info().features).toMatchInlineSnapshot(`
      {
        "code generation": "off: kernels are interpreted, as csp: "strict" asks",
      }
    `);
  });

  test("takes known policies only", () => {
    // @ts-expect-error a value that the types exclude
    expect(() => js({ csp: "lax" })).toThrowErrorMatchingInlineSnapshot(
      `[BackendError: [js] csp must be one of its values: expected "auto" or "strict", got lax.]`,
    );
  });
});

test("a closed backend refuses work and says what to do", async () => {
  const backend = js();
  const handle = backend.allocate(2, "float32");
  await backend.ready();
  await backend.close();
  expect(() => backend.allocate(2, "float32")).toThrowErrorMatchingInlineSnapshot(
    `[BackendError: [js] a closed backend cannot be used: expected an open backend, got one whose close() was called. Make a new one with js().]`,
  );
  expect(() => backend.upload(new Float32Array(1), "float32")).toThrow(BackendError);
  expect(() => backend.write(handle, 0, new Float32Array(1))).toThrow(BackendError);
  expect(() => backend.readSync?.(handle, 0, 1)).toThrow(BackendError);
  await expect(backend.read(handle, 0, 1)).rejects.toThrow(BackendError);
  expect(() => backend.compileKernel(kernel)).toThrow(BackendError);
  backend.free(handle);
});
