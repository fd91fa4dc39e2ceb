// The order in which elements are sorted: by value, NaN after all numbers.

import { call, type Expr, isFloat } from "@chainrule/kernel";

/**
 * Whether `a` comes before `b` in ascending order; two NaN are equal.
 *
 * @internal
 */
export function isLess(a: Expr, b: Expr): Expr {
  const less = call("lt", a, b);
  if (!isFloat(a.dtype)) return less;
  return call("or", less, call("and", call("eq", a, a), call("ne", b, b)));
}
