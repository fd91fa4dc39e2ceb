import { expect, test } from "vitest";
import { call, constant, coord, load } from "./expr.js";
import type { Kernel } from "./kernel.js";
import { kernelKey } from "./key.js";
import { makeKernel, matmul, softmax, spec } from "./test-kernels.js";

const x = load(0, "float32", [coord(0)]);
const one = (value: Parameters<typeof call>[1]): Kernel =>
  makeKernel({
    outer: 1,
    inputs: [spec(1)],
    outputs: [typeof value === "number" ? constant(value) : value],
  });

test("name and sharing do not matter", () => {
  expect(kernelKey({ ...matmul, name: "another" })).toBe(kernelKey(matmul));
  const square = call("mul", x, x);
  const copy = call("mul", { ...x }, load(0, "float32", [coord(0)]));
  expect(kernelKey(one(call("add", square, square)))).toBe(
    kernelKey(one(call("add", square, copy))),
  );
});

test("everything that changes the code does", () => {
  const { contraction: _, ...unnoted } = matmul;
  const kernels: Kernel[] = [
    matmul,
    unnoted,
    {
      ...matmul,
      axes: [
        { operand: 2, dim: 0 },
        { operand: 1, dim: 1 },
        { operand: 0, dim: 1 },
      ],
    },
    { ...matmul, axes: [2, 3, 4] },
    { ...matmul, inputs: [spec(2, "float64"), spec(2)] },
    { ...matmul, inputs: [{ dtype: "float32", strides: [1, "n"] }, spec(2)] },
    { ...matmul, outputs: matmul.outputs.map((output) => ({ ...output, aliases: 0 })) },
    { ...matmul, outputs: matmul.outputs.map((output) => ({ ...output, strides: ["n", "n"] })) },
    { ...matmul, scalars: ["float32"] },
    { ...matmul, stages: matmul.stages.map((stage) => ({ ...stage, reduce: "max" })) },
    softmax,
    one(constant(0)),
    one(constant(-0)),
    one(constant(Number.NaN)),
    one(constant(0, "int32")),
    one(call("sub", x, 1)),
    one(call("sub", constant(1), x)),
  ];
  expect(new Set(kernels.map(kernelKey)).size).toBe(kernels.length);
});

test("grows with the distinct nodes, not with the paths to them", () => {
  const doubled = (times: number): number => {
    let value = call("add", x, 1);
    for (let round = 0; round < times; round++) value = call("add", value, value);
    return kernelKey(one(value)).length;
  };
  expect(doubled(60)).toBeLessThan(20 * 64);
});
