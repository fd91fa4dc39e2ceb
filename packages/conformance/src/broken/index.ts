// Backends that are wrong in one known way each. The suite must fail every one of them: a suite that
// passes them checks nothing.

import type { Backend } from "@chainrule/core";
import {
  call,
  constant,
  coord,
  type DType,
  type Expr,
  isFloat,
  type Kernel,
  layout,
  load,
  newArray,
  rewriteExpr,
  type TypedArray,
} from "@chainrule/kernel";
import { broken, withInputs, withKernels } from "./wrap.js";

/** A backend with one known fault. */
export interface BrokenBackend {
  /** What it does wrong. */
  readonly fault: string;
  /** Ids of checks that must fail. */
  readonly caughtBy: readonly string[];
  /** The good backend with the fault put in. */
  wrap(good: Backend): Backend;
}

/** All broken backends. */
export const brokenBackends: readonly BrokenBackend[] = [
  {
    fault: "lines up shorter operands at the first axis instead of the last",
    caughtBy: [
      "add > float32 > broadcasting [2,3] with [3]",
      "broadcastTo > [2,3] > float32 > forward 1",
    ],
    wrap: (good) => withKernels(broken(good, {}), alignedLeft),
  },
  {
    fault: "starts one element early when an operand has an offset",
    caughtBy: ["add > float32 > spaced", "at > backwards > float32 > forward 1"],
    wrap: (good) =>
      withInputs(good, (operand) => ({ ...operand, offset: Math.max(0, operand.offset - 1) })),
  },
  {
    fault: "leaves the last element out of a sum",
    caughtBy: ["sum > float32 > forward 1", "mean > float32 > forward 1"],
    wrap: truncatedSum,
  },
  {
    fault: "loses NaN in max",
    caughtBy: ["maximum > float32 > NaN, infinities and signed zeros", "max > float32 > edges 1"],
    wrap: (good) => withKernels(good, withoutNaN),
  },
  {
    fault: "keeps the caller's array instead of a copy",
    caughtBy: ["storage > float32 > upload copies"],
    wrap: aliasingUpload,
  },
  {
    fault: "reads the right matrix of a product column by column",
    caughtBy: ["matmul > float32 > forward 1"],
    wrap: (good) =>
      withInputs(good, (operand, index, kernel) => {
        if (kernel.name !== "matmul" || index !== 1) return operand;
        const { shape, strides } = operand.layout;
        const [row = 0, column = 0] = strides.slice(-2);
        return { ...operand, layout: layout(shape, [...strides.slice(0, -2), column, row]) };
      }),
  },
  {
    fault: "takes the last of equal elements as the largest",
    caughtBy: ["argmax > float32 > forward 2", "kernels > argmax takes the first of equal ones"],
    wrap: (good) => withKernels(good, lastWinner),
  },
  {
    fault: "says that it can read at once, but cannot",
    caughtBy: ["storage > capabilities are complete"],
    wrap: (good) => {
      const { readSync: _readSync, ...rest } = good;
      return rest;
    },
  },
];

/** An operand that is repeated along an axis is loaded at one coordinate less; the wrong ones. */
function alignedLeft(kernel: Kernel): Kernel {
  const shift = (expr: Expr): Expr =>
    expr.kind === "load" && expr.index.length < kernel.outer && expr.guard === undefined
      ? load(
          expr.input,
          expr.dtype,
          expr.index.map((_, d) => coord(d)),
        )
      : expr;
  return {
    ...kernel,
    outputs: kernel.outputs.map((output) => ({
      ...output,
      value: rewriteExpr(output.value, shift),
    })),
  };
}

/** Shows a sum one element less of the axis it runs over. */
function truncatedSum(good: Backend): Backend {
  return withInputs(good, (operand, index, kernel) => {
    const summed = kernel.stages.flatMap(({ reduce, axes }) => (reduce === "sum" ? axes : []));
    const dims = summed.flatMap((axis) => {
      const extent = kernel.axes[axis];
      return typeof extent === "object" && extent.operand === index ? [extent.dim] : [];
    });
    const { shape, strides } = operand.layout;
    const shorter = shape.map((n, d) => (dims.includes(d) ? Math.max(0, n - 1) : n));
    return { ...operand, layout: layout(shorter, strides) };
  });
}

/** max(x, y) as x > y ? x : y, and in a reduction NaN as if it were the smallest number. */
function withoutNaN(kernel: Kernel): Kernel {
  const choose = (expr: Expr): Expr => {
    if (expr.kind !== "call" || expr.fn !== "max") return expr;
    const [x, y] = expr.args;
    return x === undefined || y === undefined ? expr : call("select", call("gt", x, y), x, y);
  };
  return {
    ...kernel,
    stages: kernel.stages.map((stage) => {
      if (stage.reduce !== "max" || !isFloat(stage.value.dtype)) return stage;
      const lowest = constant(Number.NEGATIVE_INFINITY, stage.value.dtype);
      const isNumber = call("eq", stage.value, stage.value);
      return { ...stage, value: call("select", isNumber, stage.value, lowest) };
    }),
    outputs: kernel.outputs.map((output) => ({
      ...output,
      value: rewriteExpr(output.value, choose),
    })),
  };
}

/** Every read sees what the uploaded array holds by then. */
function aliasingUpload(good: Backend): Backend {
  const sources = new WeakMap<object, { data: TypedArray; dtype: DType }>();
  return broken(good, {
    upload: (data, dtype) => {
      const handle = good.upload(data.length === 0 ? newArray(dtype, 1) : data, dtype);
      sources.set(handle, { data, dtype });
      return handle;
    },
    write: (handle, offset, data) => {
      sources.get(handle)?.data.set(data, offset);
      good.write(handle, offset, data);
    },
    read: (handle, offset, length) => {
      const source = sources.get(handle);
      if (source !== undefined) good.write(handle, 0, source.data);
      return good.read(handle, offset, length);
    },
  });
}

/** Adds a little for each step along the axis, so that of equal elements the last is the largest. */
function lastWinner(kernel: Kernel): Kernel {
  const [stage] = kernel.stages;
  const [axis] = stage?.axes ?? [];
  if (stage?.reduce !== "argmax" || axis === undefined) return kernel;
  const step = call("mul", constant(2 ** -20, "float32"), asFloat(axis));
  const value = stage.value.dtype === "float32" ? call("add", stage.value, step) : stage.value;
  return { ...kernel, stages: [{ ...stage, value }, ...kernel.stages.slice(1)] };
}

function asFloat(axis: number): Expr {
  return { kind: "cast", dtype: "float32", value: { kind: "coord", dtype: "int32", axis } };
}
