// Where windows lie along the axes of an array, as expressions.

import { call, constant, type DType, type Expr, guardedLoad, scalar } from "@chainrule/kernel";
import type { ScalarArgument } from "../../op/step.js";
import type { WindowAxis } from "./geometry.js";

/**
 * A place along one axis.
 *
 * @internal
 */
export interface Place {
  readonly index: Expr;
  /** What besides its bounds must hold for there to be an element. */
  readonly exists: Expr;
  /** Whether it may lie outside. */
  readonly leaves: boolean;
}

const always = constant(1, "bool");

/**
 * Where tap `k` of window `y` lies: `y · stride + k · dilation - before`.
 *
 * @internal
 */
export function positionOf(y: Expr, k: Expr, axis: WindowAxis): Place {
  const { stride, dilation, before, after } = axis;
  const index = call("sub", call("add", call("mul", y, stride), call("mul", k, dilation)), before);
  return { index, exists: always, leaves: before > 0 || after > 0 };
}

/**
 * Which window has its tap `k` at position `s`.
 *
 * @internal
 */
export function windowAt(s: Expr, k: Expr, { stride, dilation, before }: WindowAxis): Place {
  const from = call("sub", call("add", s, before), call("mul", k, dilation));
  const exists = call("eq", call("mod", from, stride), 0);
  return { index: call("floorDiv", from, stride), exists, leaves: true };
}

/**
 * The element of operand 0 at `lead`, `places` and `rest`, 0 where there is none, which `guard` says;
 * the scalars are the `extents` of its axes along `places`.
 *
 * @internal
 */
export function elementAt(
  dtype: DType,
  lead: readonly Expr[],
  places: readonly Place[],
  extents: readonly number[],
  rest: readonly Expr[] = [],
): { element: Expr; guard: Expr; scalars: ScalarArgument[] } {
  const scalars: ScalarArgument[] = [];
  let guard: Expr = always;
  for (const [d, { index, exists, leaves }] of places.entries()) {
    if (!leaves) continue;
    const bound = scalar(scalars.push({ value: extents[d] ?? 0 }) - 1, "int32");
    const inside = call("and", call("ge", index, 0), call("lt", index, bound));
    guard = call("and", guard, call("and", inside, exists));
  }
  const index = [...lead, ...places.map((place) => place.index), ...rest];
  return { element: guardedLoad(0, dtype, index, guard, constant(0, dtype)), guard, scalars };
}
