import { describe, expect, test } from "vitest";
import { newArray } from "./dtype.js";
import { call, coord, type Expr, load, scalar, stageValue } from "./expr.js";
import { type HostOperand, interpretKernel } from "./interpret.js";
import { extentsOf, type Kernel } from "./kernel.js";
import { layout } from "./layout.js";
import { checkKernel } from "./spec.js";
import { type Source, splitKernel } from "./split.js";
import {
  copyOf,
  empty,
  host,
  makeKernel,
  matmul,
  reduceRows,
  sameBits,
  softmax,
  spec,
} from "./test-kernels.js";

/** Runs the steps as a backend would: a new array for each temporary. */
function runSplit(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  scalars: readonly number[],
  outputs: readonly HostOperand[],
): void {
  const temporaries: HostOperand[] = [];
  const extents = extentsOf(
    kernel,
    [...inputs, ...outputs].map((operand) => operand.layout),
  );
  const operandOf = (source: Source): HostOperand | undefined => {
    if ("input" in source) return inputs[source.input];
    return "output" in source ? outputs[source.output] : temporaries[source.temporary];
  };
  for (const step of splitKernel(kernel)) {
    checkKernel(step.kernel);
    expect(step.kernel.stages.length).toBeLessThanOrEqual(1);
    expect(step.kernel.outputs).toHaveLength(1);
    const { output } = step;
    if ("temporary" in output) {
      const made = layout(output.axes.map((axis) => extents[axis] ?? 0));
      temporaries[output.temporary] = {
        data: newArray(output.dtype, made.size),
        layout: made,
        offset: 0,
      };
    }
    const operands = [...step.inputs, output].map((source) => operandOf(source) ?? host([]));
    interpretKernel(step.kernel, operands.slice(0, -1), scalars, operands.slice(-1));
  }
}

function expectSame(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  outputs: readonly HostOperand[],
  scalars: readonly number[] = [],
): void {
  checkKernel(kernel);
  const run = (how: typeof interpretKernel): HostOperand[] => {
    const ins = inputs.map(copyOf);
    const outs = outputs.map(
      (output, o) => ins[kernel.outputs[o]?.aliases ?? -1] ?? copyOf(output),
    );
    how(kernel, ins, scalars, outs);
    return outs;
  };
  const [whole, split] = [run(interpretKernel), run(runSplit)];
  for (const [o, { data }] of whole.entries())
    expect(sameBits(split[o]?.data ?? [], data)).toBe(true);
}

const x = host([1, 4, 2, 8, 5, 7], [2, 3]);

test("a kernel with one stage for every element, or none, is one step", () => {
  for (const kernel of [matmul, reduceRows("argmax")]) expect(splitKernel(kernel)).toHaveLength(1);
  expect(splitKernel(matmul)[0]?.kernel).toEqual(matmul);
});

test("softmax is maximum and sum, kept for each row, and a quotient", () => {
  expect(splitKernel(softmax).map((step) => [step.inputs, step.output])).toEqual([
    [[{ input: 0 }], { temporary: 0, dtype: "float32", axes: [0] }],
    [[{ input: 0 }, { temporary: 0 }], { temporary: 1, dtype: "float32", axes: [0] }],
    [[{ input: 0 }, { temporary: 0 }, { temporary: 1 }], { output: 0 }],
  ]);
  // Temporaries are rounded to float32; inputs are chosen so that this changes nothing.
  expectSame(softmax, [host([3, 3, 3, 3], [2, 2])], [empty([2, 2])]);
});

test("a row's maximum and its position: two outputs, two steps", () => {
  const at = load(0, "float32", [coord(0), coord(1)]);
  const again = load(0, "float32", [coord(0), coord(2)]);
  const kernel = makeKernel({
    outer: 1,
    inputs: [spec(2)],
    inner: [
      { operand: 0, dim: 1 },
      { operand: 0, dim: 1 },
    ],
    stages: [
      { axes: [1], reduce: "max", value: at, dtype: "float32" },
      { axes: [2], reduce: "argmax", value: again, dtype: "int32" },
    ],
    outputs: [stageValue(0, "float32"), stageValue(1, "int32")],
  });
  expect(splitKernel(kernel).map((step) => step.output)).toEqual([{ output: 0 }, { output: 1 }]);
  expectSame(kernel, [x], [empty([2]), empty([2], "int32")]);
});

test("a stage over the whole array becomes an array without axes", () => {
  // x * scalar0 - max(x), with the extents taken from the output
  const kernel = makeKernel({
    outer: 2,
    inputs: [spec(2)],
    scalars: ["float32"],
    inner: [
      { operand: 1, dim: 0 },
      { operand: 1, dim: 1 },
    ],
    stages: [
      {
        axes: [2, 3],
        reduce: "max",
        value: load(0, "float32", [coord(2), coord(3)]),
        dtype: "float32",
      },
    ],
    outputs: [
      call(
        "sub",
        call("mul", load(0, "float32", [coord(0), coord(1)]), scalar(0)),
        stageValue(0, "float32"),
      ),
    ],
  });
  const [first] = splitKernel(kernel);
  expect(first?.inputs).toEqual([{ input: 0 }, { output: 0 }]);
  expect(first?.output).toEqual({ temporary: 0, dtype: "float32", axes: [] });
  expectSame(kernel, [x], [empty([2, 3])], [2]);
});

test("a contraction keeps its note in the step that computes it", () => {
  const relu = call("max", stageValue(0, "float32"), load(2, "float32", [coord(1)]));
  const kernel: Kernel = {
    ...matmul,
    inputs: [...matmul.inputs, spec(1)],
    axes: [
      { operand: 3, dim: 0 },
      { operand: 3, dim: 1 },
      { operand: 0, dim: 1 },
    ],
    outputs: [relu, stageValue(0, "float32")].map((value) => ({ ...spec(2), value })),
  };
  const steps = splitKernel(kernel);
  expect(steps.map((step) => step.kernel.contraction)).toEqual([
    matmul.contraction,
    undefined,
    undefined,
  ]);
  const square = host([1, -2, 3, 4], [2, 2]);
  expectSame(kernel, [square, square, host([0, 1])], [empty([2, 2]), empty([2, 2])]);
});

describe("outputs that overwrite inputs", () => {
  const at = (input: number): Expr => load(input, "float32", [coord(0)]);
  const over = (kernel: Kernel, aliases: readonly number[]): Kernel => ({
    ...kernel,
    outputs: kernel.outputs.map((output, o) => ({ ...output, aliases: aliases[o] ?? 0 })),
  });

  test("momentum is written after the parameter that reads it", () => {
    // m' = 0.5 m + g; p' = p - m'
    const moved = call("add", call("mul", at(1), 0.5), at(2));
    const kernel = over(
      makeKernel({
        outer: 1,
        inputs: [spec(1), spec(1), spec(1)],
        outputs: [moved, call("sub", at(0), moved)],
      }),
      [1, 0],
    );
    const steps = splitKernel(kernel);
    expect(steps.map((step) => step.output)).toEqual([{ output: 1 }, { output: 0 }]);
    const overwritten = steps.map(({ kernel, inputs }) => inputs[kernel.outputs[0]?.aliases ?? -1]);
    expect(overwritten).toEqual([{ input: 0 }, { input: 1 }]);
    expectSame(kernel, [host([1, 2]), host([4, 8]), host([1, 1])], [empty([2]), empty([2])]);
  });

  test("a swap needs one temporary", () => {
    const kernel = over(
      makeKernel({ outer: 1, inputs: [spec(1), spec(1)], outputs: [at(1), at(0)] }),
      [0, 1],
    );
    expect(splitKernel(kernel).map((step) => step.output)).toEqual([
      { temporary: 0, dtype: "float32", axes: [0] },
      { output: 1 },
      { output: 0 },
    ]);
    expectSame(kernel, [host([1, 2]), host([3, 4])], [empty([2]), empty([2])]);
  });

  test("a circle of three needs one temporary too", () => {
    const inputs = [spec(1), spec(1), spec(1)];
    const kernel = over(
      makeKernel({ outer: 1, inputs, outputs: [at(1), at(2), at(0)] }),
      [0, 1, 2],
    );
    expect(splitKernel(kernel)).toHaveLength(4);
    expectSame(kernel, [host([1]), host([2]), host([3])], [empty([1]), empty([1]), empty([1])]);
  });
});

test("variance in two stages, the second within the last step", () => {
  const centred = call("sub", load(0, "float32", [coord(0), coord(2)]), stageValue(0, "float32"));
  const kernel = makeKernel({
    outer: 1,
    inputs: [spec(2)],
    inner: [
      { operand: 0, dim: 1 },
      { operand: 0, dim: 1 },
    ],
    stages: [
      {
        axes: [1],
        reduce: "max",
        value: load(0, "float32", [coord(0), coord(1)]),
        dtype: "float32",
      },
      { axes: [2], reduce: "sum", value: call("mul", centred, centred), dtype: "float32" },
    ],
    outputs: [call("sqrt", stageValue(1, "float32"))],
  });
  expect(splitKernel(kernel).map((step) => step.kernel.stages.length)).toEqual([1, 1]);
  expectSame(kernel, [x], [empty([2])]);
});

test("a stage depends on what the stages it uses depend on", () => {
  // s0[i] = max over k of a[i, k]; s1[i] = sum over l of s0[i]
  const kernel = makeKernel({
    outer: 2,
    inputs: [spec(2)],
    inner: [
      { operand: 0, dim: 1 },
      { operand: 0, dim: 1 },
    ],
    stages: [
      {
        axes: [2],
        reduce: "max",
        value: load(0, "float32", [coord(0), coord(2)]),
        dtype: "float32",
      },
      { axes: [3], reduce: "sum", value: stageValue(0, "float32"), dtype: "float32" },
    ],
    outputs: [stageValue(1, "float32")],
  });
  const out = empty([2, 3]);
  interpretKernel(kernel, [x], [], [out]);
  expect([...out.data]).toEqual([12, 12, 12, 24, 24, 24]);
  expectSame(kernel, [x], [empty([2, 3])]);
});
