import { describe, expect, test } from "vitest";
import type { DType } from "./dtype.js";
import { KernelError } from "./errors.js";
import {
  type Call,
  call,
  constant,
  coord,
  type Expr,
  guardedLoad,
  type Load,
  load,
  scalar,
  stageValue,
} from "./expr.js";
import type { Kernel } from "./kernel.js";
import { checkKernel } from "./spec.js";
import { makeKernel, matmul, reduceRows, softmax, spec } from "./test-kernels.js";

function complaints(kernel: Kernel): readonly string[] {
  try {
    checkKernel(kernel);
  } catch (error) {
    if (error instanceof KernelError) return error.complaints;
    throw error;
  }
  return [];
}

const x = load(0, "float32", [coord(0)]);
/** A kernel over one float32 and one int32 vector, with one scalar and the output `value`. */
const one = (value: Expr): Kernel =>
  makeKernel({
    outer: 1,
    inputs: [spec(1), spec(1, "int32")],
    scalars: ["float32"],
    outputs: [value],
  });
const badCall = (fn: Call["fn"], dtype: DType, ...args: Expr[]): Call => ({
  kind: "call",
  fn,
  dtype,
  args,
});

test("well-formed kernels pass", () => {
  for (const kernel of [
    matmul,
    softmax,
    reduceRows("argmax"),
    one(x),
    one(call("mul", x, scalar(0))),
  ])
    expect(complaints(kernel)).toEqual([]);
});

test("all violations are listed, with the kernel's name", () => {
  const kernel = { ...one(call("add", scalar(1), load(0, "float32", []))), name: "broken" };
  expect(() => checkKernel(kernel)).toThrowErrorMatchingInlineSnapshot(`
    [KernelError: [kernel] "broken":
      outputs[0].value: scalar 1 must have its dtype: expected undefined, got float32
      outputs[0].value: load of input 0 must have an index per dimension: expected 1, got 0
    This is a fault of the framework: please report it.]
  `);
});

describe("each rule has its complaint", () => {
  const sum = reduceRows("sum");
  const [stage] = sum.stages;
  if (stage === undefined) throw new Error("a sum has a stage");
  const withStage = (changes: object): Kernel => ({ ...sum, stages: [{ ...stage, ...changes }] });
  const withOutput = (changes: object): Kernel => {
    const kernel = one(x);
    return { ...kernel, outputs: kernel.outputs.map((output) => ({ ...output, ...changes })) };
  };
  const anyLoad = (changes: Partial<Load>): Kernel => one({ ...x, ...changes });

  const broken: Readonly<Record<string, readonly [Kernel, string]>> = {
    "more outer axes than axes": [{ ...one(x), outer: 2 }, "outer must count axes"],
    "an extent that is no count": [
      { ...one(x), axes: [1.5] },
      "extent of axis 0 must be a count: expected an integer ≥ 0, got 1.5",
    ],
    "an extent of no operand": [
      { ...one(x), axes: [{ operand: 3, dim: 0 }] },
      "extent of axis 0 must exist: expected a dim of an operand, got operand 3 dim 0",
    ],
    "an extent of no dimension": [
      { ...one(x), axes: [{ operand: 0, dim: 1 }] },
      "extent of axis 0 must exist: expected a dim of an operand, got operand 0 dim 1",
    ],
    "an inner axis without a stage": [
      { ...one(x), axes: [2, 2] },
      "axis 1 must belong to one stage: expected 1, got 0",
    ],
    "an inner axis of two stages": [
      { ...sum, stages: [stage, stage] },
      "axis 1 must belong to one stage: expected 1, got 2",
    ],
    "a stage over an outer axis": [
      withStage({ axes: [1, 0] }),
      "stages[0].axes must be inner: expected 1 to 1, got 0",
    ],
    "a stage of another dtype": [
      withStage({ dtype: "int32" }),
      "stages[0].dtype must follow its value: expected float32, got int32",
    ],
    "a position that is no int32": [
      withStage({ reduce: "argmax" }),
      "stages[0].dtype must follow its value: expected int32, got float32",
    ],
    "a sum of bools": [
      { ...reduceRows("sum", "bool") },
      "stages[0].reduce must suit its dtype: expected numbers, got bool",
    ],
    "a stage that uses itself": [
      withStage({ value: stageValue(0, "float32") }),
      "stages[0].value: stage must be earlier: expected below 0, got 0",
    ],
    "a stage value of another dtype": [
      { ...sum, outputs: [{ ...spec(1, "int32"), value: stageValue(0, "int32") }] },
      "outputs[0].value: stage 0 must have its dtype: expected float32, got int32",
    ],
    "an output that uses an inner axis": [
      { ...sum, outputs: [{ ...spec(1), value: load(0, "float32", [coord(0), coord(1)]) }] },
      "outputs[0].value: axis must be visible: expected one of 0, got 1",
    ],
    "no output": [
      { ...one(x), axes: [2], outputs: [] },
      "number of outputs must be positive: expected at least 1, got 0",
    ],
    "an output of another rank": [
      withOutput({ strides: [] }),
      "outputs[0] must have the rank of the outer axes: expected 1, got 0",
    ],
    "an output of another dtype": [
      withOutput({ dtype: "int32" }),
      "outputs[0].dtype must be that of its value: expected float32, got int32",
    ],
    "an alias of another dtype": [
      withOutput({ aliases: 1 }),
      "outputs[0].aliases must be an input of its dtype: expected float32, got int32",
    ],
    "an alias of no input": [
      withOutput({ aliases: 2 }),
      "outputs[0].aliases must be an input of its dtype: expected float32, got undefined",
    ],
    "an overwritten input read elsewhere": [
      withOutput({ aliases: 0, value: load(0, "float32", [call("sub", 3, coord(0))]) }),
      "outputs[0].value: load of input 0 must be at the outer position, as it is overwritten: expected the coordinates, got another index",
    ],
    "two outputs over one input": [
      { ...one(x), outputs: [0, 1].map(() => ({ ...spec(1), value: x, aliases: 0 })) },
      "outputs must alias distinct inputs: expected 2, got 1",
    ],
    "a load of no input": [
      anyLoad({ input: 2 }),
      "outputs[0].value: load of input 2 must have its dtype: expected undefined, got float32",
    ],
    "a load of another dtype": [
      anyLoad({ input: 1 }),
      "outputs[0].value: load of input 1 must have its dtype: expected int32, got float32",
    ],
    "an index too few": [
      anyLoad({ index: [] }),
      "outputs[0].value: load of input 0 must have an index per dimension: expected 1, got 0",
    ],
    "a fractional index": [
      anyLoad({ index: [constant(0)] }),
      "outputs[0].value: load of input 0 must have integer indices: expected int32, got float32",
    ],
    "a guard without otherwise": [
      anyLoad({ guard: constant(1, "bool") }),
      "outputs[0].value: load of input 0 must have guard and otherwise together: expected both or none, got one",
    ],
    "a guard that is no bool": [
      one(guardedLoad(0, "float32", [coord(0)], coord(0), x)),
      "outputs[0].value: load of input 0: guard must be bool: expected bool, got int32",
    ],
    "an otherwise of another dtype": [
      one(guardedLoad(0, "float32", [coord(0)], constant(1, "bool"), coord(0))),
      "outputs[0].value: load of input 0: otherwise must have its dtype: expected float32, got int32",
    ],
    "a call with an operand too many": [
      one(badCall("exp", "float32", x, x)),
      "outputs[0].value: exp must have its arity: expected 1, got 2",
    ],
    "a call of mixed dtypes": [
      one(badCall("add", "float32", x, coord(0))),
      "outputs[0].value: add must have operands of one dtype: expected float32,float32, got float32,int32",
    ],
    "a call of the wrong kind": [
      one(badCall("exp", "int32", coord(0))),
      "outputs[0].value: exp must have operands that suit it: expected float, got int32",
    ],
    "arithmetic on bools": [
      one(badCall("add", "bool", call("lt", x, x), call("lt", x, x))),
      "outputs[0].value: add must have operands that suit it: expected number, got bool",
    ],
    "a comparison that is no bool": [
      one(badCall("lt", "float32", x, x)),
      "outputs[0].value: lt must have its dtype: expected bool, got float32",
    ],
    "a choice by a number": [
      one(badCall("select", "float32", x, x, x)),
      "outputs[0].value: select must choose by a bool: expected bool, got float32",
    ],
    "a scalar that does not exist": [
      one(scalar(1)),
      "outputs[0].value: scalar 1 must have its dtype: expected undefined, got float32",
    ],
    "a scalar of another dtype": [
      one(scalar(0, "int32")),
      "outputs[0].value: scalar 0 must have its dtype: expected float32, got int32",
    ],
    "a constant that its dtype cannot hold": [
      one(constant(300, "uint8")),
      "outputs[0].value: constant must be a uint8: expected 255, got 300",
    ],
    "an untrue contraction": [
      { ...matmul, contraction: { stage: 0, a: 0, b: 1, batch: [], m: [1], n: [0], k: [2] } },
      "axes of a must be those of the note: expected 1,2, got 0,2",
    ],
  };
  for (const [name, [kernel, expected]] of Object.entries(broken))
    test(name, () => {
      expect(complaints(kernel).join("\n")).toContain(expected);
    });
});
