// Faults of reductions: elements left out, counted twice, or weighed wrongly.

import type { Backend } from "@chainrule/core";
import {
  call,
  cast,
  constant,
  coord,
  extentsOf,
  isFloat,
  type Kernel,
  layout,
  type Reducer,
  type Stage,
  sizeOf,
} from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { scatterWith } from "../routines.js";
import { broken, withExprs, withInputs, withKernels, withResults } from "../wrap.js";

export const reductionFaults: readonly BrokenBackend[] = [
  {
    fault: "leaves the last element out of a sum",
    caughtBy: ["sum > float32 > forward 1", "mean > float32 > forward 1"],
    wrap: (good) => summing(good, (n) => [0, n - 1]),
  },
  {
    fault: "keeps only the last block of 256 of a long sum",
    caughtBy: ["kernels > a long sum", "kernels > a deep product"],
    wrap: (good) => summing(good, (n) => [256 * Math.floor((n - 1) / 256), n]),
  },
  {
    fault: "overwrites instead of adding where an index comes twice",
    caughtBy: ["scatterAdd > float32 > forward 1"],
    wrap: (good) => {
      const inside = (at: number, n: number): number | undefined => (at < n ? at : undefined);
      const scatterAdd = scatterWith(good, inside, (_sum, value, old) => old + value);
      return broken(good, { routines: { scatterAdd } });
    },
  },
  {
    fault: "takes the last of equal elements as the largest",
    caughtBy: ["argmax > float32 > forward 2", "kernels > argmax takes the first of equal ones"],
    wrap: (good) => withStages(good, "argmax", lastWinner),
  },
  {
    fault: "numbers the elements column by column when it looks for the largest of a matrix",
    caughtBy: ["argmax > float32 > forward 1 > transposed"],
    wrap: (good) =>
      withStages(good, "argmax", (stage) => ({ ...stage, axes: stage.axes.toReversed() })),
  },
  {
    fault: "loses NaN in max",
    caughtBy: ["maximum > float32 > NaN, infinities and signed zeros", "max > float32 > edges 1"],
    wrap: withoutNaN,
  },
  {
    fault: "starts a maximum at zero",
    caughtBy: ["max > forward 2"],
    wrap: (good) =>
      withStages(good, "max", (stage) => ({ ...stage, value: call("max", stage.value, 0) })),
  },
  {
    fault: "gives 0 for a reduction of nothing",
    caughtBy: ["prod > float32 > forward 2", "kernels > prod of nothing"],
    wrap: (good) =>
      withResults(good, (value, _dtype, { inputs, outputs }, kernel) => {
        const extents = extentsOf(
          kernel,
          [...inputs, ...outputs].map((operand) => operand.layout),
        );
        const isEmpty = kernel.stages.some(
          ({ axes }) => sizeOf(axes.map((axis) => extents[axis] ?? 1)) === 0,
        );
        return isEmpty ? 0 : value;
      }),
  },
];

/** Changes the stages that reduce in one way. */
function withStages(good: Backend, reduce: Reducer, alter: (stage: Stage) => Stage): Backend {
  return withKernels(good, (kernel) => ({
    ...kernel,
    stages: kernel.stages.map((stage) => (stage.reduce === reduce ? alter(stage) : stage)),
  }));
}

/** Sums over only a part of each axis, from one position up to another. */
function summing(good: Backend, part: (n: number) => readonly [from: number, to: number]): Backend {
  return withInputs(good, (operand, index, kernel) => {
    const summed = summedDims(kernel, index);
    let { offset } = operand;
    const { shape, strides } = operand.layout;
    const shorter = shape.map((n, d) => {
      if (n === 0 || !summed.includes(d)) return n;
      const [from, to] = part(n);
      offset += from * (strides[d] ?? 0);
      return to - from;
    });
    return { ...operand, offset, layout: layout(shorter, strides) };
  });
}

/** The dimensions of input `index` along which a sum runs. */
function summedDims(kernel: Kernel, index: number): number[] {
  const summed = kernel.stages.flatMap(({ reduce, axes }) => (reduce === "sum" ? axes : []));
  return summed.flatMap((axis) => {
    const extent = kernel.axes[axis];
    return typeof extent === "object" && extent.operand === index ? [extent.dim] : [];
  });
}

/** Adds a little for each step along the axis, so that of equal elements the last is the largest. */
function lastWinner(stage: Stage): Stage {
  const [axis] = stage.axes;
  if (axis === undefined || stage.value.dtype !== "float32") return stage;
  const step = call("mul", constant(2 ** -20, "float32"), cast(coord(axis), "float32"));
  return { ...stage, value: call("add", stage.value, step) };
}

/** max(x, y) as x > y ? x : y, and in a reduction NaN as if it were the smallest number. */
function withoutNaN(good: Backend): Backend {
  const calls = withExprs(good, (expr) => {
    if (expr.kind !== "call" || expr.fn !== "max") return expr;
    const [x, y] = expr.args;
    return x === undefined || y === undefined ? expr : call("select", call("gt", x, y), x, y);
  });
  return withStages(calls, "max", (stage) => {
    if (!isFloat(stage.value.dtype)) return stage;
    const lowest = constant(Number.NEGATIVE_INFINITY, stage.value.dtype);
    const isNumber = call("eq", stage.value, stage.value);
    return { ...stage, value: call("select", isNumber, stage.value, lowest) };
  });
}
