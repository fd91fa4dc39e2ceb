// Every primitive that an operation or its derivatives reach is recorded as it runs on single
// examples; its batch rule on the stacked operands must then give the stacked results.

import { beforeAll, describe, expect, it, vi } from "vitest";
import { apply } from "../engine/apply.js";
import * as core from "../index.js";
import { setBackend, stack, type Tensor, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";
import * as linalg from "../linalg.js";
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
const leaves = new Set<Tensor>();
const matrix = (i: number): Tensor => {
  const leaf = tensor(examples[i] as number[], { shape: [2, 3], requiresGrad: true });
  leaves.add(leaf);
  return leaf;
};
const whole = (i: number, n: number, shape: readonly number[]): Tensor =>
  tensor(
    (examples[i] as number[]).map((v) => Math.round(v * 10) % n),
    { shape, dtype: "int32" },
  );

/** Two examples of two channels, or the weight between two channels and two. */
const lines = (i: number): Tensor =>
  core.concat([matrix(i), matrix(i).square()]).reshape([2, 2, 3]);

/** The matrix as one example of one channel. */
const image = (i: number): Tensor => matrix(i).reshape([1, 1, 2, 3]);

type Case = (i: number) => Tensor;
const unary: Record<string, Case> = Object.fromEntries(
  [
    ...["abs", "acos", "asin", "asinh", "atan", "atanh", "ceil", "copy", "cos", "cosh", "exp"],
    ...["expm1", "floor", "isFinite", "isInf", "isNaN", "log", "log10", "log1p", "log2", "neg"],
    ...["logicalNot", "reciprocal", "relu", "round", "sigmoid", "sign", "sin", "sinh", "softplus"],
    ...["sqrt", "square", "step", "tan", "tanh", "trunc", "elu", "hardTanh", "positive"],
    ...["signbit", "countNonzero", "diff", "logSumExp", "std", "variance"],
  ].map((name) => [name, (i: number) => call(name, matrix(i))]),
);
const binary: Record<string, Case> = Object.fromEntries(
  [
    ...["add", "atan2", "div", "equal", "floorDivide", "greater", "greaterEqual", "less"],
    ...["lessEqual", "logicalAnd", "logicalOr", "logicalXor", "maximum", "minimum", "mul"],
    ...["notEqual", "pow", "remainder", "sub", "copysign", "hypot", "logaddexp", "nextafter"],
  ].map((name) => [name, (i: number) => call(name, matrix(i), matrix((i + 1) % 3).at(0))]),
);

const bitwise: Record<string, Case> = Object.fromEntries(
  ["And", "LeftShift", "Or", "RightShift", "Xor"].map((name) => [
    `bitwise${name}`,
    (i: number) => call(`bitwise${name}`, whole(i, 8, [2, 3]), whole((i + 1) % 3, 5, [6]).at(":3")),
  ]),
);
const cumulative: Record<string, Case> = Object.fromEntries(
  ["Max", "Min", "Prod", "Sum"].map((name) => [
    `cumulative${name}`,
    (i: number) => call(`cumulative${name}`, matrix(i), -1),
  ]),
);

/** Calls the exported operation `name`. */
function call(name: string, ...args: readonly unknown[]): Tensor {
  return (
    { ...ops, ...linalg } as unknown as Record<string, (...given: readonly unknown[]) => Tensor>
  )[name]?.(...args) as Tensor;
}

const cases: Record<string, Case> = {
  ...unary,
  ...binary,
  ...bitwise,
  ...cumulative,
  bitwiseInvert: (i) => core.bitwiseInvert(whole(i, 9, [6])),
  acosh: (i) => core.acosh(matrix(i).add(1)),
  all: (i) => core.all(matrix(i), 0),
  any: (i) => core.any(matrix(i)),
  argmax: (i) => core.argmax(matrix(i), 1),
  argmin: (i) => core.argmin(matrix(i)),
  astype: (i) => core.astype(matrix(i), "float64"),
  argsort: (i) => core.argsort(matrix(i), { axis: 0, descending: true }),
  at: (i) =>
    core.at(matrix(i), "::-1", "::2").add(core.at(matrix(i), ":", whole(i, 3, [6]).at(":2"))),
  broadcastArrays: (i) => core.stack(core.broadcastArrays(matrix(i), matrix((i + 1) % 3).at(0))),
  broadcastTo: (i) => core.broadcastTo(matrix(i), [4, 2, 3]),
  clip: (i) => core.clip(matrix(i), 0.3, 0.6),
  avgPool: (i) => core.avgPool(image(i), 2, { stride: 1, padding: 1, countIncludePad: false }),
  conv: (i) => {
    const [x, weight] = [lines(i), lines((i + 1) % 3)];
    const options = { padding: 1, stride: 2 };
    const grouped = core.conv(x, weight.at(":", ":1"), { ...options, groups: 2 });
    return core.conv(x, weight, options).add(grouped);
  },
  convTranspose: (i) => {
    const [x, weight] = [lines(i), lines((i + 1) % 3)];
    const grouped = core.convTranspose(x, weight, { stride: 2, groups: 2 });
    return grouped.add(core.convTranspose(x, weight, { stride: 2 }).tile([1, 2, 1]));
  },
  fold: (i) => core.fold(matrix(i).mT.reshape([1, 2, 3]), [4], 2),
  maxPool: (i) => core.maxPool(image(i), 2, { stride: 1, padding: 1 }),
  unfold: (i) => core.unfold(image(i), 2, { padding: 1 }),
  windows: (i) => core.windows(matrix(i), [2], { stride: 1 }),
  concat: (i) => core.concat([matrix(i), matrix((i + 1) % 3).at("1:")], 0),
  contiguous: (i) => core.contiguous(matrix(i).mT),
  cross: (i) => linalg.cross(matrix(i), matrix((i + 1) % 3).at(0)),
  einsum: (i) =>
    linalg.einsum("ii,ij,kj->k", matrix(i).at(":", ":2"), matrix(i), matrix((i + 1) % 3)),
  diagonal: (i) => core.diagonal(matrix(i), 1),
  expandDims: (i) => core.expandDims(matrix(i), 1),
  flatten: (i) => core.flatten(matrix(i)),
  flip: (i) => core.flip(matrix(i), 1),
  gather: (i) => core.gather(matrix(i), whole(i, 3, [2, 3]), 1),
  leakyRelu: (i) => core.leakyRelu(matrix(i).sub(0.5), matrix((i + 1) % 3).at(0)),
  logSoftmax: (i) => core.logSoftmax(matrix(i), 0),
  maskedFill: (i) => core.maskedFill(matrix(i), matrix(i).greater(0.4), -1),
  matmul: (i) => core.matmul(matrix(i), matrix((i + 1) % 3).mT),
  matrixPower: (i) => linalg.matrixPower(matrix(i).at(":", ":2"), 3),
  matrixTranspose: (i) => core.matrixTranspose(matrix(i)),
  max: (i) => core.max(matrix(i), -1, { keepdims: true }),
  mean: (i) => core.mean(matrix(i), 0),
  meshgrid: (i) => core.stack(core.meshgrid([matrix(i).at(0), matrix(i).at(":", 0)])),
  min: (i) => core.min(matrix(i)),
  moveaxis: (i) => core.moveaxis(matrix(i), 0, -1),
  oneHot: (i) => core.oneHot(whole(i, 3, [6]), 3),
  matrixNorm: (i) => linalg.matrixNorm(matrix(i)),
  vectorNorm: (i) => linalg.vectorNorm(matrix(i)),
  outer: (i) => linalg.outer(matrix(i).at(0), matrix(i).at(1)),
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
  putAlongAxis: (i) => core.putAlongAxis(matrix(i), whole(i, 3, [2, 3]), matrix((i + 1) % 3), 1),
  repeat: (i) => core.repeat(matrix(i), [1, 2], 0),
  reshape: (i) => core.reshape(matrix(i).mT, [6]),
  scatterAdd: (i) => core.scatterAdd(matrix(i), whole(i, 3, [2, 3]), matrix((i + 1) % 3), 1),
  roll: (i) => core.roll(matrix(i), 1),
  searchsorted: (i) => {
    const sorted = core.sort(matrix(i));
    const values = matrix((i + 1) % 3);
    const right = { side: "right" } as const;
    return core
      .searchsorted(sorted, sorted, right)
      .add(core.searchsorted(sorted.at(0), sorted, right))
      .add(core.searchsorted(sorted.at(0), values));
  },
  softmax: (i) => core.softmax(matrix(i)),
  sort: (i) => core.sort(matrix(i)),
  split: (i) => core.concat(core.split(matrix(i), [1, 2], 1).reverse(), 1),
  squeeze: (i) => core.squeeze(matrix(i).expandDims(0)),
  stack: (i) => core.stack([matrix(i), matrix((i + 1) % 3)], -1),
  sum: (i) => core.sum(matrix(i), [0, 1]),
  take: (i) => core.take(matrix(i), whole(i, 2, [3, 2]), 0),
  takeAlongAxis: (i) => core.takeAlongAxis(matrix(i), whole(i, 2, [2, 3]), 0),
  tensordot: (i) => linalg.tensordot(matrix(i), matrix((i + 1) % 3)),
  tile: (i) => core.tile(matrix(i), [2, 1]),
  topk: (i) => core.topk(matrix(i), 2).values,
  trace: (i) => core.trace(matrix(i)),
  transpose: (i) => core.transpose(matrix(i), 0, 1),
  vecdot: (i) => linalg.vecdot(matrix(i), matrix((i + 1) % 3).at(0)),
  tril: (i) => core.tril(matrix(i)),
  triu: (i) => core.triu(matrix(i), 1),
  unstack: (i) => core.stack(core.unstack(matrix(i), 1).reverse()),
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
    // A write, and two whose results have a size of their own for each example.
    const others = ["assign", "maskedSelect", "nonzero"];
    const functions = Object.keys({ ...ops, ...linalg }).filter((name) => !others.includes(name));
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

/** Fixed, unequal numbers in the shape of `x`. */
const weightsFor = (x: Tensor): Tensor =>
  tensor(
    Array.from({ length: x.size }, (_, i) => 0.5 + ((i * 7) % 11) / 11),
    { shape: x.shape, dtype: x.dtype },
  );

describe("derivatives", () => {
  // A gradient g(v) is linear in the gradient v of the result, so v · d(g(v) · u)/dv = g(v) · u. Of
  // sums, copies and choices this alone shows whether a derivative passes on what it is given.
  it.each(Object.entries(cases))("of %s have a gradient of the gradient given", (_, make) => {
    leaves.clear();
    const y = make(0);
    if (!y.requiresGrad) return;
    const v = weightsFor(y);
    v.requiresGrad = true;
    y.mul(v).sum().backward({ createGraph: true });
    const terms = [...leaves].flatMap(({ grad }) => (grad === null ? [] : [grad]));
    const slope = terms.map((g): Tensor => g.mul(weightsFor(g)).sum()).reduce((a, b) => a.add(b));
    const expected = slope.itemSync();
    v.grad = null;
    if (slope.requiresGrad) slope.backward();
    const found = v.grad === null ? 0 : (v.grad as Tensor).mul(v).sum().itemSync();
    expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-5 * Math.abs(expected));
  });
});
