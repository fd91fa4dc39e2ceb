// Scalar expressions: what one element of a kernel's output is computed from. Plain immutable
// data; a node used twice is shared, and generators compute it once.

import type { DType } from "./dtype.js";
import { type Intrinsic, intrinsicInfo } from "./intrinsics.js";

/** A number known when the kernel is built. */
export interface Const {
  readonly kind: "const";
  readonly dtype: DType;
  readonly value: number;
}

/** A number given when the kernel runs: the `index`-th of its scalar arguments. */
export interface Scalar {
  readonly kind: "scalar";
  readonly dtype: DType;
  readonly index: number;
}

/** The position along axis `axis` of the kernel, counted from 0. */
export interface Coord {
  readonly kind: "coord";
  readonly dtype: "int32";
  readonly axis: number;
}

/**
 * An element of input `input`, at one int32 index per dimension of that operand. With a `guard` the
 * element is read only where the guard is true and the load is `otherwise` elsewhere; both are
 * present or absent together. Without a guard the index must be in range.
 */
export interface Load {
  readonly kind: "load";
  readonly dtype: DType;
  readonly input: number;
  readonly index: readonly Expr[];
  readonly guard?: Expr;
  readonly otherwise?: Expr;
}

/** The value of stage `stage`, a reduction computed before. */
export interface StageValue {
  readonly kind: "stage";
  readonly dtype: DType;
  readonly stage: number;
}

/** A scalar function applied to operands of one dtype. */
export interface Call {
  readonly kind: "call";
  readonly dtype: DType;
  readonly fn: Intrinsic;
  readonly args: readonly Expr[];
}

/** `value` converted to `dtype`: float to int truncates and saturates, NaN gives 0. */
export interface Cast {
  readonly kind: "cast";
  readonly dtype: DType;
  readonly value: Expr;
}

export type Expr = Const | Scalar | Coord | Load | StageValue | Call | Cast;

export function constant(value: number, dtype: DType = "float32"): Const {
  return { kind: "const", dtype, value };
}

export function scalar(index: number, dtype: DType = "float32"): Scalar {
  return { kind: "scalar", dtype, index };
}

export function coord(axis: number): Coord {
  return { kind: "coord", dtype: "int32", axis };
}

export function load(input: number, dtype: DType, index: readonly Expr[]): Load {
  return { kind: "load", dtype, input, index };
}

/** A load that reads only where `guard` holds and is `otherwise` elsewhere. */
export function guardedLoad(
  input: number,
  dtype: DType,
  index: readonly Expr[],
  guard: Expr,
  otherwise: Expr,
): Load {
  return { kind: "load", dtype, input, index, guard, otherwise };
}

export function stageValue(stage: number, dtype: DType): StageValue {
  return { kind: "stage", dtype, stage };
}

/** `value` as `dtype`; the same node when it has that dtype already. */
export function cast(value: Expr, dtype: DType): Expr {
  return value.dtype === dtype ? value : { kind: "cast", dtype, value };
}

/**
 * The call `fn(...args)`. A plain number among the operands becomes a constant of their dtype.
 *
 * @example
 * call("max", coord(0), 0).dtype // => "int32"
 */
export function call(fn: Intrinsic, ...args: readonly (Expr | number)[]): Call {
  const info = intrinsicInfo(fn);
  const typed = (fn === "select" ? args.slice(1) : args).find((arg) => typeof arg === "object");
  const operand = typed === undefined ? "float32" : typed.dtype;
  const nodes = args.map((arg) => (typeof arg === "number" ? constant(arg, operand) : arg));
  return { kind: "call", dtype: info.result === "bool" ? "bool" : operand, fn, args: nodes };
}

/** The expressions `expr` is directly made of, in order of evaluation. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case "const":
    case "scalar":
    case "coord":
    case "stage":
      return [];
    case "load":
      return expr.guard === undefined || expr.otherwise === undefined
        ? expr.index
        : [expr.guard, ...expr.index, expr.otherwise];
    case "call":
      return expr.args;
    case "cast":
      return [expr.value];
    default:
      return expr satisfies never;
  }
}

/** Calls `visit` once for every distinct node of `roots`, operands first. */
export function walk(roots: readonly Expr[], visit: (expr: Expr) => void): void {
  const seen = new Set<Expr>();
  const enter = (expr: Expr): void => {
    if (seen.has(expr)) return;
    seen.add(expr);
    for (const operand of operandsOf(expr)) enter(operand);
    visit(expr);
  };
  for (const root of roots) enter(root);
}

/**
 * Rebuilds `expr` from the leaves up: `rewrite` sees every node with its operands already rebuilt
 * and returns it or its replacement. Sharing is kept.
 */
export function rewriteExpr(
  expr: Expr,
  rewrite: (expr: Expr) => Expr,
  done: Map<Expr, Expr> = new Map(),
): Expr {
  const known = done.get(expr);
  if (known !== undefined) return known;
  const again = (operand: Expr): Expr => rewriteExpr(operand, rewrite, done);
  const result = rewrite(withOperands(expr, again));
  done.set(expr, result);
  return result;
}

/** `expr` with `again` of each operand in its place. */
export function withOperands(expr: Expr, again: (operand: Expr) => Expr): Expr {
  switch (expr.kind) {
    case "load": {
      const index = expr.index.map(again);
      if (expr.guard !== undefined && expr.otherwise !== undefined)
        return { ...expr, index, guard: again(expr.guard), otherwise: again(expr.otherwise) };
      return isSame(index, expr.index) ? expr : { ...expr, index };
    }
    case "call": {
      const args = expr.args.map(again);
      return isSame(args, expr.args) ? expr : { ...expr, args };
    }
    case "cast": {
      const value = again(expr.value);
      return value === expr.value ? expr : { ...expr, value };
    }
    default:
      return expr;
  }
}

function isSame(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.every((expr, i) => expr === b[i]);
}
