// Reductions of scalar expressions, one by one.

import { isFloat } from "../dtype.js";
import { call, constant, type Expr } from "../expr.js";
import type { Intrinsic } from "../intrinsics.js";
import type { Reducer, Stage } from "../kernel.js";
import { emptyValue } from "./print-nest.js";

/** Longer sums are added up in pairs of pairs, which is less deep and waits less. */
const longestChain = 4;

/** Makes a node of a table, simplified. */
type MakeNode = (expr: Expr) => Expr;

/** The result of a stage that runs over `values`. */
export function reduced(
  { reduce, dtype, value }: Stage,
  values: readonly Expr[],
  node: MakeNode,
): Expr {
  const [first, ...rest] = values;
  if (reduce === "argmax" || reduce === "argmin") return firstWinner(reduce, first, rest, node);
  if (first === undefined) return node(constant(emptyValue(reduce, value.dtype), dtype));
  const fn = reduce === "sum" ? "add" : reduce === "prod" ? "mul" : reduce;
  const all = combined(fn, values, node);
  // As loops add, from 0 on: a sum of -0 is 0.
  return reduce === "sum" ? node(call("add", all, 0)) : all;
}

function combined(fn: Intrinsic, values: readonly Expr[], node: MakeNode): Expr {
  const middle = values.length > longestChain ? Math.ceil(values.length / 2) : values.length - 1;
  const [first] = values;
  if (middle === 0 && first !== undefined) return first;
  return node(
    call(fn, combined(fn, values.slice(0, middle), node), combined(fn, values.slice(middle), node)),
  );
}

/** The position of the first of the greatest or least values; the first NaN wins over all. */
function firstWinner(
  reduce: Reducer,
  first: Expr | undefined,
  rest: readonly Expr[],
  node: MakeNode,
): Expr {
  let winner = node(constant(0, "int32"));
  let best = first;
  for (const [i, value] of rest.entries()) {
    if (best === undefined) break;
    let wins = node(call(reduce === "argmax" ? "gt" : "lt", value, best));
    if (isFloat(value.dtype)) {
      const unlike = node(call("ne", value, value));
      wins = node(call("or", wins, node(call("and", unlike, node(call("eq", best, best))))));
    }
    winner = node(call("select", wins, node(constant(i + 1, "int32")), winner));
    best = node(call("select", wins, value, best));
  }
  return winner;
}
