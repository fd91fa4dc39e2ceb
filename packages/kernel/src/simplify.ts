// Rewrites that never change a result, not even the sign of a zero: constants are folded, neutral
// operations removed, equal expressions shared, stages that nothing uses dropped.

import { type DType, isFloat, kindOf } from "./dtype.js";
import { evaluateCall, evaluateCast } from "./evaluate.js";
import {
  type Call,
  type Cast,
  call,
  cast,
  constant,
  type Expr,
  load,
  rewriteExpr,
  walk,
} from "./expr.js";
import { ExprTable } from "./intern.js";
import type { Kernel } from "./kernel.js";

/**
 * An expression of equal value with less to compute.
 *
 * @example
 * simplifyExpr(call("add", call("mul", coord(0), 1), call("sub", constant(2, "int32"), 2))) // => { kind: "coord", axis: 0 }
 */
export function simplifyExpr(expr: Expr): Expr {
  return simplifier()(expr);
}

/** `kernel` with its expressions simplified and shared, and without stages that nothing uses. */
export function simplifyKernel(kernel: Kernel): Kernel {
  const simplify = simplifier();
  return withoutDeadStages({
    ...kernel,
    stages: kernel.stages.map((stage) => ({ ...stage, value: simplify(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: simplify(output.value) })),
  });
}

function simplifier(): (expr: Expr) => Expr {
  const table = new ExprTable();
  const done = new Map<Expr, Expr>();
  return (expr) => rewriteExpr(expr, (node) => table.canonical(simplifyNode(node)), done);
}

/** Simplifies the top of an expression; equal operands are already one object. */
export function simplifyNode(expr: Expr): Expr {
  if (expr.kind === "call") return simplifyCall(expr);
  if (expr.kind === "cast") return simplifyCast(expr);
  if (expr.kind !== "load" || expr.guard?.kind !== "const") return expr;
  return expr.guard.value !== 0
    ? load(expr.input, expr.dtype, expr.index)
    : (expr.otherwise ?? expr);
}

function simplifyCast({ value, dtype }: Cast): Expr {
  if (value.kind === "const") return constant(evaluateCast(value.value, value.dtype, dtype), dtype);
  // Arithmetic is done in more precision: a cast from float32 to float32 rounds its result.
  if (dtype === value.dtype)
    return dtype === "float32" && (value.kind === "call" || value.kind === "stage")
      ? { kind: "cast", dtype, value }
      : value;
  if (value.kind !== "cast") return cast(value, dtype);
  const from = value.value.dtype;
  // A cast to the dtype it is from rounds. An int32 wraps into a uint8, a float saturates; and a
  // float32 expression is only sure to be rounded where it is read from memory.
  const differs =
    from === value.dtype ||
    (from === "int32" && dtype === "uint8" && isFloat(value.dtype)) ||
    (isFloat(from) && dtype === from && value.value.kind !== "load");
  return lossless(from, value.dtype) && !differs
    ? cast(value.value, dtype)
    : { kind: "cast", dtype, value };
}

/** Whether every value of `from` is one of `to`. */
function lossless(from: DType, to: DType): boolean {
  if (from === to || from === "bool" || to === "float64") return true;
  if (from === "uint8") return to !== "bool";
  return from === "float16" && to === "float32";
}

function simplifyCall(node: Call): Expr {
  const { fn, args, dtype } = node;
  if (args.every((arg) => arg.kind === "const"))
    return constant(
      evaluateCall(
        fn,
        dtype,
        args.map((arg) => arg.value),
      ),
      dtype,
    );
  const [x, y, z] = args;
  if (x === undefined) return node;
  if (y === undefined) return simplifyUnary(node, x);
  if (z === undefined) return simplifyBinary(node, x, y);
  if (y === z) return y;
  return x.kind === "const" ? (x.value !== 0 ? y : z) : node;
}

function simplifyUnary(node: Call, x: Expr): Expr {
  switch (node.fn) {
    case "copy":
      return x;
    case "neg":
    case "not":
      return x.kind === "call" && x.fn === node.fn ? (x.args[0] ?? node) : node;
    case "abs":
      return x.kind === "call" && x.fn === "abs" ? x : node;
    case "floor":
    case "ceil":
    case "trunc":
    case "round":
      return isFloat(node.dtype) ? node : x;
    default:
      return node;
  }
}

function simplifyBinary(node: Call, x: Expr, y: Expr): Expr {
  const isInt = kindOf(node.dtype) === "int";
  const exact = !isFloat(x.dtype); // no NaN, no -0
  const zero = (): Expr => constant(0, node.dtype);
  const truth = (value: boolean): Expr => constant(Number(value), "bool");
  switch (node.fn) {
    case "add": {
      // x + 0 would turn a float -0 into 0.
      const neutral = isInt ? 0 : -0;
      if (is(y, neutral)) return x;
      return is(x, neutral) ? y : collectConstants(node);
    }
    case "sub":
      if (is(y, 0)) return x;
      if (isInt && x === y) return zero();
      return isInt && y.kind === "const"
        ? collectConstants(call("add", x, evaluateCall("neg", y.dtype, [y.value])))
        : node;
    case "mul":
      if (is(y, 1)) return x;
      if (is(x, 1)) return y;
      return isInt && (is(x, 0) || is(y, 0)) ? zero() : collectConstants(node);
    case "div":
      return is(y, 1) ? x : node;
    case "floorDiv":
      return isInt && is(y, 1) ? x : node;
    case "mod":
      return isInt && is(y, 1) ? zero() : node;
    case "pow":
      if (is(y, 1)) return x;
      return is(y, 0) || is(y, -0) ? constant(1, node.dtype) : node;
    case "max":
    case "min":
      return x === y ? x : node;
    case "eq":
    case "le":
    case "ge":
      return exact && x === y ? truth(true) : node;
    case "ne":
    case "lt":
    case "gt":
      return exact && x === y ? truth(false) : node;
    case "and":
    case "bitAnd":
      if (is(x, 0) || is(y, 0)) return zero();
      if (x === y || (node.fn === "and" && is(y, 1))) return x;
      return node.fn === "and" && is(x, 1) ? y : node;
    case "or":
    case "bitOr":
      if (x === y || is(y, 0)) return x;
      if (is(x, 0)) return y;
      return node.fn === "or" && (is(x, 1) || is(y, 1)) ? truth(true) : node;
    case "xor":
    case "bitXor":
      if (is(y, 0)) return x;
      if (is(x, 0)) return y;
      return x === y ? zero() : node;
    case "shiftLeft":
    case "shiftRight":
    case "shiftRightLogical":
      return is(y, 0) ? x : node;
    default:
      return node;
  }
}

function is(expr: Expr, value: number): boolean {
  return expr.kind === "const" && Object.is(expr.value, value);
}

/** (x + 1) + 2 as x + 3, and the same for products: exact for integers only. */
function collectConstants(node: Call): Expr {
  if (kindOf(node.dtype) !== "int") return node;
  const outer = constantOperand(node);
  const inner = outer?.rest.kind === "call" && outer.rest.fn === node.fn ? outer.rest : undefined;
  const nested = inner === undefined ? undefined : constantOperand(inner);
  if (outer === undefined || nested === undefined) return node;
  const value = evaluateCall(node.fn, node.dtype, [outer.value, nested.value]);
  return simplifyCall(call(node.fn, nested.rest, value));
}

function constantOperand({ args }: Call): { rest: Expr; value: number } | undefined {
  const [x, y] = args;
  if (x === undefined || y === undefined) return undefined;
  if (y.kind === "const") return { rest: x, value: y.value };
  return x.kind === "const" ? { rest: y, value: x.value } : undefined;
}

function withoutDeadStages(kernel: Kernel): Kernel {
  const live = new Set<number>();
  const visit = (root: Expr): void =>
    walk([root], (expr) => {
      if (expr.kind !== "stage" || live.has(expr.stage)) return;
      live.add(expr.stage);
      const stage = kernel.stages[expr.stage];
      if (stage !== undefined) visit(stage.value);
    });
  for (const output of kernel.outputs) visit(output.value);
  if (live.size === kernel.stages.length) return kernel;

  const stages = kernel.stages.flatMap((_, s) => (live.has(s) ? [s] : []));
  const dead = new Set(kernel.stages.flatMap((stage, s) => (live.has(s) ? [] : stage.axes)));
  const axes = kernel.axes.flatMap((_, axis) => (dead.has(axis) ? [] : [axis]));
  const done = new Map<Expr, Expr>();
  const renumber = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind === "coord") return { ...node, axis: axes.indexOf(node.axis) };
        return node.kind === "stage" ? { ...node, stage: stages.indexOf(node.stage) } : node;
      },
      done,
    );
  const { contraction, ...rest } = kernel;
  const note = contraction !== undefined &&
    live.has(contraction.stage) && {
      contraction: {
        ...contraction,
        stage: stages.indexOf(contraction.stage),
        k: contraction.k.map((axis) => axes.indexOf(axis)),
      },
    };
  return {
    ...rest,
    ...note,
    axes: kernel.axes.filter((_, axis) => !dead.has(axis)),
    stages: kernel.stages.flatMap((stage, s) =>
      live.has(s)
        ? [
            {
              ...stage,
              axes: stage.axes.map((axis) => axes.indexOf(axis)),
              value: renumber(stage.value),
            },
          ]
        : [],
    ),
    outputs: kernel.outputs.map((output) => ({ ...output, value: renumber(output.value) })),
  };
}
