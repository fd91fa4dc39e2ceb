// What the two bit shifts share: which counts are inside the width of the dtype.

import { call, type Expr } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";

/**
 * Whether `count` moves bits inside their number, rather than all of them out of it.
 *
 * @internal
 */
export function staysInside(count: Expr): Expr {
  const width = count.dtype === "uint8" ? 8 : 32;
  return call("and", call("ge", count, 0), call("lt", count, width));
}

/**
 * A count that is a number, such that it is outside every width when wrapped to uint8, if it was.
 *
 * @internal
 */
export function shiftCount<B extends Input>(count: B): B {
  const isOutside =
    typeof count === "number" && Number.isInteger(count) && (count < 0 || count > 31);
  return isOutside ? (32 as B) : count;
}
