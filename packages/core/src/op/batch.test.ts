// Every primitive that an operation or its derivatives reach is recorded as it runs on single
// examples; its batch rule on the stacked operands must then give the stacked results.

import { beforeAll, describe, expect, it, vi } from "vitest";
import { apply } from "../engine/apply.js";
import * as core from "../index.js";
import { interpreter, setBackend, stack, type Tensor, tensor } from "../index.js";
import * as ops from "../ops/index.js";
import type { Attrs, Input, Primitive } from "./primitive.js";

interface Run {
  readonly op: Primitive;
  readonly inputs: readonly Input[];
  readonly attrs: Attrs;
  readonly output: Tensor;
}

const recorder = vi.hoisted(() => ({ runs: null as unknown[] | null }));

vi.mock("../engine/apply.js", async (importOriginal) => {
  const engine = await importOriginal<typeof import("../engine/apply.js")>();
  const note = (op: unknown, inputs: readonly Input[], attrs: Attrs, output: Tensor): Tensor => {
    // Detached, because operations dispose what they alone own.
    const kept = inputs.map((x) => (typeof x === "object" ? x.detach() : x));
    recorder.runs?.push({ op, inputs: kept, attrs, output: output.detach() });
    return output;
  };
  return {
    ...engine,
    apply: ((op, inputs, attrs) =>
      note(op, inputs, attrs, engine.apply(op, inputs, attrs))) as typeof engine.apply,
    applyView: ((op, x, view, offset, attrs) =>
      note(
        op,
        [x],
        attrs,
        engine.applyView(op, x, view, offset, attrs),
      )) as typeof engine.applyView,
  };
});

beforeAll(() => {
  setBackend(interpreter());
});

/** Three examples of a matrix, all positive and below 1, so that every function is defined. */
const examples = [0, 1, 2].map((i) =>
  Array.from({ length: 6 }, (_, j) => 0.1 + ((i * 5 + j * 3) % 8) / 10),
);
const matrix = (i: number): Tensor =>
  tensor(examples[i] as number[], { shape: [2, 3], requiresGrad: true });
const whole = (i: number, n: number, shape: readonly number[]): Tensor =>
  tensor(
    (examples[i] as number[]).map((v) => Math.round(v * 10) % n),
    { shape, dtype: "int32" },
  );

type Case = (i: number) => Tensor;
const unary: Record<string, Case> = Object.fromEntries(
  [
    ...["abs", "acos", "asin", "asinh", "atan", "atanh", "ceil", "copy", "cos", "cosh", "exp"],
    ...["expm1", "floor", "isFinite", "isInf", "isNaN", "log", "log10", "log1p", "log2", "neg"],
    ...["logicalNot", "reciprocal", "relu", "round", "sigmoid", "sign", "sin", "sinh", "softplus"],
    ...["sqrt", "square", "step", "tan", "tanh", "trunc"],
  ].map((name) => [name, (i: number) => call(name, matrix(i))]),
);
const binary: Record<string, Case> = Object.fromEntries(
  [
    ...["add", "atan2", "div", "equal", "floorDivide", "greater", "greaterEqual", "less"],
    ...["lessEqual", "logicalAnd", "logicalOr", "logicalXor", "maximum", "minimum", "mul"],
    ...["notEqual", "pow", "remainder", "sub"],
  ].map((name) => [name, (i: number) => call(name, matrix(i), matrix((i + 1) % 3).at(0))]),
);

/** Calls the exported operation `name`. */
function call(name: string, ...args: readonly unknown[]): Tensor {
  return (ops as unknown as Record<string, (...given: readonly unknown[]) => Tensor>)[name]?.(
    ...args,
  ) as Tensor;
}

const cases: Record<string, Case> = {
  ...unary,
  ...binary,
  acosh: (i) => core.acosh(matrix(i).add(1)),
  all: (i) => core.all(matrix(i), 0),
  any: (i) => core.any(matrix(i)),
  argmax: (i) => core.argmax(matrix(i), 1),
  argmin: (i) => core.argmin(matrix(i)),
  astype: (i) => core.astype(matrix(i), "float64"),
  at: (i) => core.at(matrix(i), "::-1", "::2"),
  broadcastTo: (i) => core.broadcastTo(matrix(i), [4, 2, 3]),
  clip: (i) => core.clip(matrix(i), 0.3, 0.6),
  concat: (i) => core.concat([matrix(i), matrix((i + 1) % 3).at("1:")], 0),
  contiguous: (i) => core.contiguous(matrix(i).mT),
  expandDims: (i) => core.expandDims(matrix(i), 1),
  flatten: (i) => core.flatten(matrix(i)),
  flip: (i) => core.flip(matrix(i), 1),
  gather: (i) => core.gather(matrix(i), whole(i, 3, [2, 3]), 1),
  logSoftmax: (i) => core.logSoftmax(matrix(i), 0),
  matmul: (i) => core.matmul(matrix(i), matrix((i + 1) % 3).mT),
  matrixTranspose: (i) => core.matrixTranspose(matrix(i)),
  max: (i) => core.max(matrix(i), -1, { keepdims: true }),
  mean: (i) => core.mean(matrix(i), 0),
  min: (i) => core.min(matrix(i)),
  oneHot: (i) => core.oneHot(whole(i, 3, [6]), 3),
  pad: (i) =>
    core.pad(
      matrix(i),
      [
        [1, 0],
        [0, 2],
      ],
      7,
    ),
  permuteDims: (i) => core.permuteDims(matrix(i).expandDims(0), [2, 0, 1]),
  prod: (i) => core.prod(matrix(i), 1),
  reshape: (i) => core.reshape(matrix(i).mT, [6]),
  scatterAdd: (i) => core.scatterAdd(matrix(i), whole(i, 3, [2, 3]), matrix((i + 1) % 3), 1),
  softmax: (i) => core.softmax(matrix(i)),
  squeeze: (i) => core.squeeze(matrix(i).expandDims(0)),
  stack: (i) => core.stack([matrix(i), matrix((i + 1) % 3)], -1),
  sum: (i) => core.sum(matrix(i), [0, 1]),
  take: (i) => core.take(matrix(i), whole(i, 2, [3, 2]), 0),
  transpose: (i) => core.transpose(matrix(i), 0, 1),
  where: (i) => core.where(matrix(i).greater(0.4), matrix(i), matrix((i + 1) % 3).at(0)),
};

/** All primitives that run for example `i`: forward, backward and, recorded, twice backward. */
function runsOf(make: Case, i: number): Run[] {
  const runs: Run[] = [];
  recorder.runs = runs as unknown[];
  try {
    const y = make(i);
    if (y.requiresGrad) {
      const slope = core.grad((scale: Tensor) => y.mul(scale).sum())(tensor(0.5));
      if (slope.requiresGrad) slope.square().backward({ createGraph: true });
    }
  } finally {
    recorder.runs = null;
  }
  return runs;
}

const value = (x: Tensor): unknown => x.detach().arraySync();
const pile = (xs: readonly Tensor[]): Tensor => stack(xs.map((x) => x.detach()));

/** Checks the rule of one primitive with every operand batched, and with each one alone. */
function checkRule(perExample: readonly Run[]): void {
  const [first] = perExample as [Run];
  const { op, attrs } = first;
  const tensors = first.inputs.map((x) => typeof x === "object");
  const operand = (index: number): Input =>
    tensors[index] === true
      ? pile(perExample.map((run) => run.inputs[index] as Tensor))
      : (first.inputs[index] as number);
  const together = op.batch(
    first.inputs.map((_, index) => operand(index)),
    tensors,
    attrs,
  );
  expect(value(together), op.name).toEqual(value(pile(perExample.map((run) => run.output))));
  if (tensors.filter(Boolean).length < 2) return;
  for (const [alone, isTensor] of tensors.entries()) {
    if (!isTensor) continue;
    const own = (run: Run): Input[] =>
      first.inputs.map((x, index) => (index === alone ? (run.inputs[index] as Input) : x));
    const inputs = first.inputs.map((x, index) => (index === alone ? operand(index) : x));
    const batched = inputs.map((_, index) => index === alone);
    const each = perExample.map((run) => apply(op, own(run), attrs));
    expect(value(op.batch(inputs, batched, attrs)), `${op.name}, operand ${alone}`).toEqual(
      value(pile(each)),
    );
  }
}

describe("batch rules", () => {
  it("are tried for every exported operation", () => {
    const functions = Object.keys(ops).filter((name) => name !== "assign");
    expect(Object.keys(cases).sort()).toEqual(functions.sort());
  });

  it.each(Object.entries(cases))("of what %s runs agree with stacked examples", (_, make) => {
    const [a, b, c] = [0, 1, 2].map((i) => runsOf(make, i)) as [Run[], Run[], Run[]];
    expect(a.length).toBeGreaterThan(0);
    for (const [k, run] of a.entries()) {
      const [second, third] = [b[k] as Run, c[k] as Run];
      expect([second.op.name, third.op.name]).toEqual([run.op.name, run.op.name]);
      if (run.op.name === "identity") continue;
      checkRule([run, second, third]);
    }
  });

  it("of max over all axes shares the gradient of equal elements, as each example does", () => {
    const x = tensor(
      [
        [1, 1],
        [0, 2],
      ],
      { requiresGrad: true },
    );
    const [run] = runsOf(() => core.max(tensor([1, 1], { requiresGrad: true })), 0) as [Run];
    run.op.batch([x], [true], run.attrs).sum().backward();
    expect(x.grad?.arraySync()).toEqual([
      [0.5, 0.5],
      [0, 1],
    ]);
  });
});
