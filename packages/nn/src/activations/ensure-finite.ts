import { formatValue, ValueError } from "@chainrule/core";

/** Throws: {@link ValueError} unless `value`, called `name`, is a finite number. */
export function ensureFinite(op: string, name: string, value: number): void {
  if (Number.isFinite(value)) return;
  throw new ValueError(op, `${name} must be a number`, {
    expected: "a finite number",
    got: formatValue(value),
  });
}
