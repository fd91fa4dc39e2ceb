// What dtype an elementwise result has, written down a second time from the documentation: across
// kinds as PyTorch (bool < int < float), within a kind as the array API.

import type { DType } from "@chainrule/kernel";

/**
 * What an elementwise function takes and gives:
 * - "float": ints and bool are converted to float32, the result is a float
 * - "number": operands keep their promoted dtype, bool alone is refused
 * - "any": the same with bool
 * - "compare": the same, the result is bool; a number never wraps to fit uint8
 * - "test": operands keep their dtype, the result is bool
 * - "logical": operands count as true or false, the result is bool
 */
export type DTypeRule = "float" | "number" | "any" | "compare" | "test" | "logical";

const columns = ["bool", "uint8", "int32", "float32", "float64"] as const;
const rows: readonly (readonly DType[])[] = [
  ["bool", "uint8", "int32", "float32", "float64"],
  ["uint8", "uint8", "int32", "float32", "float64"],
  ["int32", "int32", "int32", "float32", "float64"],
  ["float32", "float32", "float32", "float32", "float64"],
  ["float64", "float64", "float64", "float64", "float64"],
];

/** The dtypes that promotion is checked for. */
export const promotable: readonly DType[] = columns;

/** The dtype that holds elements of both. */
export function promoted(a: DType, b: DType): DType {
  const row = rows[columns.indexOf(a as (typeof columns)[number])];
  return row?.[columns.indexOf(b as (typeof columns)[number])] ?? "float32";
}

/** The dtype of elements of `dtype` together with a JS number. */
export function promotedWithNumber(dtype: DType, value: number): DType {
  if (dtype === "float32" || dtype === "float64") return dtype;
  if (!Number.isInteger(value)) return "float32";
  return dtype === "bool" ? "int32" : dtype;
}

/** The dtype that operands are converted to; undefined when the rule refuses them. */
export function computedIn(rule: DTypeRule, dtype: DType): DType | undefined {
  switch (rule) {
    case "float":
      return dtype === "float64" ? dtype : "float32";
    case "number":
      return dtype === "bool" ? undefined : dtype;
    case "logical":
      return "bool";
    default:
      return dtype;
  }
}

/** The dtype of the result of a function computed in `dtype`. */
export function resultOf(rule: DTypeRule, dtype: DType): DType {
  return rule === "compare" || rule === "test" || rule === "logical" ? "bool" : dtype;
}
