// Faults of addressing: the right arithmetic on the wrong elements.

import type { Backend } from "@chainrule/core";
import {
  call,
  constant,
  coord,
  type Expr,
  type Layout,
  layout,
  load,
  type Operand,
  scalar,
} from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { withArguments, withExprs, withInputs } from "../wrap.js";

export const addressFaults: readonly BrokenBackend[] = [
  {
    fault: "lines up shorter operands at the first axis instead of the last",
    caughtBy: [
      "add > float32 > broadcasting [2,3] with [3]",
      "broadcastTo > [2,3] > float32 > forward 1",
    ],
    wrap: (good) => withExprs(good, (expr, { outer }) => alignedLeft(expr, outer)),
  },
  {
    fault: "starts one element early when an operand has an offset",
    caughtBy: ["add > float32 > spaced", "at > backwards > float32 > forward 1"],
    wrap: (good) =>
      withInputs(good, (operand) => ({ ...operand, offset: Math.max(0, operand.offset - 1) })),
  },
  {
    fault: "reads the right matrix of a product column by column",
    caughtBy: ["matmul > float32 > forward 1"],
    wrap: (good) =>
      withInputs(good, (operand, index, kernel) => {
        if (kernel.contraction?.b !== index) return operand;
        const { shape, strides } = operand.layout;
        const [row = 0, column = 0] = strides.slice(-2);
        return { ...operand, layout: layout(shape, [...strides.slice(0, -2), column, row]) };
      }),
  },
  {
    fault: "reads reversed views forwards",
    caughtBy: ["flip > float32 > forward 1", "add > float32 > reversed"],
    wrap: (good) => withInputs(good, forwards),
  },
  {
    fault: "writes at the start of the result whatever the offset",
    caughtBy: ["concat > axis 0 > float32 > forward 1", "kernels > an output that is a column"],
    wrap: (good) =>
      withArguments(good, () => (given) => ({
        ...given,
        outputs: given.outputs.map((output) => ({ ...output, offset: 0 })),
      })),
  },
  {
    fault: "runs a kernel with the sizes it was first run with",
    caughtBy: ["exp > float32 > values"],
    wrap: withFirstSizes,
  },
  {
    fault: "reads the first element where a guard forbids a load",
    caughtBy: ["pad > 1 before, 2 after > float32 > forward 1", "kernels > a guarded load"],
    wrap: (good) => withExprs(good, withoutGuard),
  },
  {
    fault: "counts indices that are out of range from the other end",
    caughtBy: ["gather > float32 > edges 1"],
    wrap: (good) =>
      withExprs(good, (expr, { name }) => (name === "gather" ? wrappedIndex(expr) : expr)),
  },
];

/** An operand that is repeated along an axis is loaded at one coordinate less; the wrong ones. */
function alignedLeft(expr: Expr, outer: number): Expr {
  const isPlain = expr.kind === "load" && expr.guard === undefined;
  if (!isPlain || expr.index.length >= outer) return expr;
  const here = expr.index.map((_, d) => coord(d));
  return load(expr.input, expr.dtype, here);
}

function forwards(operand: Operand): Operand {
  const { shape, strides } = operand.layout;
  const first = strides.reduce(
    (offset, stride, axis) => offset + Math.min(0, stride * ((shape[axis] ?? 1) - 1)),
    operand.offset,
  );
  return { ...operand, offset: first, layout: layout(shape, strides.map(Math.abs)) };
}

function withFirstSizes(good: Backend): Backend {
  return withArguments(good, () => {
    let first: readonly Layout[] | undefined;
    return ({ inputs, scalars, outputs }) => {
      const operands = [...inputs, ...outputs];
      first ??= operands.map((operand) => operand.layout);
      const stale = operands.map((operand, o) => ({
        ...operand,
        layout: first?.[o] ?? operand.layout,
      }));
      return {
        inputs: stale.slice(0, inputs.length),
        scalars,
        outputs: stale.slice(inputs.length),
      };
    };
  });
}

function withoutGuard(expr: Expr): Expr {
  if (expr.kind !== "load" || expr.guard === undefined) return expr;
  const { guard } = expr;
  const start = constant(0, "int32");
  return load(
    expr.input,
    expr.dtype,
    expr.index.map((position) => call("select", guard, position, start)),
  );
}

/** The first scalar of a gather is the extent of its axis. */
function wrappedIndex(expr: Expr): Expr {
  if (expr.kind !== "load" || expr.guard === undefined) return expr;
  const extent = scalar(0, "int32");
  return load(
    expr.input,
    expr.dtype,
    expr.index.map((position) =>
      position.kind === "coord" ? position : call("mod", position, extent),
    ),
  );
}
