import { resolveAxis } from "../../shape/axis.js";

/**
 * `axis` of the shape that `a` and `b` broadcast to, counted from the end. Throws: AxisError unless
 * both have it.
 *
 * @internal
 */
export function sharedAxis(
  op: string,
  axis: number,
  a: readonly number[],
  b: readonly number[],
): number {
  const [longer, shorter] = a.length < b.length ? [b, a] : [a, b];
  const fromEnd = resolveAxis(op, axis, longer) - longer.length;
  resolveAxis(op, fromEnd, shorter);
  return fromEnd;
}
