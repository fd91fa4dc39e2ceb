import { type Backend, BackendError, setBackend, tensor } from "@chainrule/core";
import { layout, type Operand } from "@chainrule/kernel";
import { afterEach, describe, expect, it } from "vitest";
import { type GpujsOptions, gpujs } from "./index.js";

const opened: Backend[] = [];

async function open(options?: GpujsOptions): Promise<Backend> {
  const backend = await gpujs(options);
  opened.push(backend);
  return backend;
}

afterEach(async () => {
  for (const backend of opened.splice(0)) await backend.close();
});

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(BackendError);
  return (error as Error).message;
}

describe("the mode", () => {
  it("is WebAssembly where there is no WebGL, and info() says why", async () => {
    const { device, features } = (await open()).info();
    expect(device).toBe("gpu.js, mode webasm");
    expect(features).toMatchObject({
      webgl2: "off: there is no WebGL2 here",
      webgl: "off: there is no WebGL here",
      webasm: "on: the first that works",
      "exact int32": expect.stringMatching(/^off: /),
      "IEEE NaN": "on",
      subnormals: "on",
    });
  });

  it("can be asked for", async () => {
    const { device, features } = (await open({ mode: "cpu" })).info();
    expect([device, features.cpu]).toEqual(["gpu.js, mode cpu", "on: asked for"]);
  });

  it("is refused where it does not work", async () => {
    expect(await messageOf(gpujs({ mode: "webgl2" }))).toBe(
      '[gpujs] a mode of gpu.js must work: expected webgl2, got webgl2 off: there is no WebGL2 here. Leave the mode out, or try mode: "cpu".',
    );
  });

  it.each(["gpu", "", null, 3, "constructor"])("is refused when it is %o", async (mode) => {
    expect(await messageOf(gpujs({ mode: mode as never }))).toContain(
      '[gpujs] mode must be one of gpu.js: expected "auto", "webgl2", "webgl", "webasm", "cpu", got',
    );
  });
});

describe.each(["webasm", "cpu"] as const)("in mode %s", (mode) => {
  it("computes and differentiates", async () => {
    setBackend(await open({ mode }));
    const x = tensor([[1, -2, 3]]);
    const w = tensor([[1], [2], [3]], { requiresGrad: true });
    x.matmul(w).relu().sum().backward();
    expect(w.grad?.arraySync()).toEqual([[1], [-2], [3]]);
  });

  it("trains without scattering: the gradient of take adds where indices repeat", async () => {
    setBackend(await open({ mode }));
    const x = tensor([1, 2, 3], { requiresGrad: true });
    x.take(tensor([0, 2, 0], { dtype: "int32" }))
      .mul(tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(x.grad?.arraySync()).toEqual([101, 0, 10]);
  });

  it("keeps whole numbers up to 2^24, and the largest int32", async () => {
    const backend = await open({ mode });
    const values = [2 ** 24, -(2 ** 24), 2147483647, -2147483648];
    expect(tensor(values, { dtype: "int32", backend }).arraySync()).toEqual(values);
  });

  it("writes a strided part of a buffer and leaves the rest", async () => {
    const backend = await open({ mode });
    const target = backend.upload(Float32Array.of(0, 1, 2, 3, 4, 5, 6), "float32");
    const source = backend.upload(Float32Array.of(10, 20, 30), "float32");
    const kernel = {
      name: "copy",
      outer: 1,
      axes: [{ operand: 1, dim: 0 }],
      inputs: [{ dtype: "float32", strides: [1] }],
      scalars: [],
      stages: [],
      outputs: [
        {
          dtype: "float32",
          strides: ["n"],
          value: {
            kind: "load",
            dtype: "float32",
            input: 0,
            index: [{ kind: "coord", dtype: "int32", axis: 0 }],
          },
        },
      ],
    } as const;
    const operand = (buffer: object, stride: number, offset: number): Operand => ({
      buffer,
      layout: layout([3], [stride]),
      offset,
      dtype: "float32",
    });
    backend.compileKernel(kernel).run([operand(source, 1, 0)], [], [operand(target, -2, 5)]);
    expect([...(await backend.read(target, 0, 7))]).toEqual([0, 30, 2, 20, 4, 10, 6]);
  });

  it("refuses to be used when it is closed, and dtypes it has not", async () => {
    const backend = await open({ mode });
    const x = tensor([1], { backend });
    expect(() => tensor([1], { dtype: "float64", backend })).toThrow("float64");
    await backend.close();
    await backend.close();
    for (const use of [() => x.add(1), () => x.itemSync(), () => tensor([1], { backend })])
      expect(use).toThrow("[gpujs] a closed backend cannot be used");
    await expect(x.data()).rejects.toThrow("a closed backend cannot be used");
  });

  it("refuses what does not fit", async () => {
    const backend = await open({ mode });
    expect(() => backend.allocate(2 ** 24 + 1, "float32")).toThrow(
      "an array must fit in a texture",
    );
  });
});
