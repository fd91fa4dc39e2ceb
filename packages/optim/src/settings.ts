// The ranges of hyper-parameters, checked when an optimizer, a group or a schedule is made.

import { formatValue, ValueError } from "@chainrule/core";

/** `options`. Throws: {@link ValueError} unless it is an object with no other names than `known`. */
export function knownOptions<T extends object>(
  op: string,
  options: T,
  known: readonly (keyof T & string)[],
): T {
  const isObject = typeof options === "object" && options !== null;
  const odd = isObject ? Object.keys(options).find((name) => !known.some((k) => k === name)) : "";
  if (odd === undefined) return options;
  throw new ValueError(op, "options must be known", {
    expected: `an object with ${known.join(", ")}`,
    got: isObject ? odd : formatValue(options),
  });
}

/** Throws: {@link ValueError} unless `lr` is a finite number ≥ 0. */
export function ensureLearningRate(lr: number): void {
  ensureNotNegative("lr", lr);
}

/** Throws: {@link ValueError} unless `value` is a finite number ≥ 0. */
export function ensureNotNegative(name: string, value: number, op = "Optimizer"): void {
  if (Number.isFinite(value) && value >= 0) return;
  throw new ValueError(op, `${name} must not be negative`, {
    expected: `a finite number ≥ 0 for ${name}`,
    got: String(value),
  });
}

/** Throws: {@link ValueError} unless 0 ≤ `value` < 1, the range of a decay rate. */
export function ensureDecayRate(name: string, value: number | undefined): void {
  if (typeof value === "number" && value >= 0 && value < 1) return;
  throw new ValueError("Optimizer", `${name} is the share an average keeps at each step`, {
    expected: `0 ≤ ${name} < 1`,
    got: String(value),
  });
}

/** Throws: {@link ValueError} unless `value` is a whole number ≥ 1. */
export function ensurePeriod(name: string, value: number, op: string): void {
  if (Number.isSafeInteger(value) && value >= 1) return;
  throw new ValueError(op, `${name} is a number of epochs`, {
    expected: "a whole number ≥ 1",
    got: formatValue(value),
  });
}
