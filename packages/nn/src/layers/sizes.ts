// What the sizes that a layer is made with must be.

import { formatValue, type PerAxis, ValueError } from "@chainrule/core";

/** Throws: {@link ValueError} unless every one of `counts`, by name, is whole and at least `least`. */
export function ensureCounts(
  op: string,
  counts: Readonly<Record<string, number>>,
  least: 0 | 1,
): void {
  for (const [name, value] of Object.entries(counts)) {
    if (Number.isSafeInteger(value) && value >= least) continue;
    throw new ValueError(op, `${name} must be a count`, {
      expected: `a whole number ≥ ${least}`,
      got: formatValue(value),
      fix: `Call new ${op}(${Object.keys(counts).join(", ")}, …).`,
    });
  }
}

/**
 * `value` for each of `axes` spatial axes.
 *
 * Throws: {@link ValueError} unless every number is whole and at least `least`.
 */
export function perAxis(
  op: string,
  name: string,
  value: PerAxis,
  axes: number,
  least: 0 | 1,
): readonly number[] {
  const values: unknown = typeof value === "number" ? new Array(axes).fill(value) : value;
  const fits = (n: unknown): n is number => Number.isSafeInteger(n) && Number(n) >= least;
  if (Array.isArray(values) && values.length === axes && values.every(fits)) return [...values];
  throw new ValueError(op, `${name} is given for all spatial axes or for each`, {
    expected: `a whole number ≥ ${least}, or an array of ${axes}`,
    got: formatValue(value),
  });
}
