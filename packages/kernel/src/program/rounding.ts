// Values that were rounded to float32 in memory and no longer go through it. Arithmetic may use all
// its digits; but a comparison, a floor or an index that falls on the other side would be another
// result, so that before those the rounding stays.

import { isFloat } from "../dtype.js";
import { type Cast, type Expr, operandsOf, walk, withOperands } from "../expr.js";
import type { Intrinsic } from "../intrinsics.js";
import type { Kernel } from "../kernel.js";

/** `value` as it would be read from memory. */
export function rounded(value: Expr): Expr {
  if (value.dtype !== "float32" || isRounded(value)) return value;
  return { kind: "cast", dtype: "float32", value };
}

/** Whether a float32 expression is sure to be a float32 number, not one with more digits. */
function isRounded(expr: Expr): boolean {
  switch (expr.kind) {
    case "load":
    case "cast":
      return true;
    case "const":
      return Object.is(Math.fround(expr.value), expr.value);
    case "call":
      if (expr.fn === "select") return expr.args.slice(1).every(isRounded);
      return keeping.includes(expr.fn) && expr.args.every(isRounded);
    default:
      return false;
  }
}

/** Functions that give one of their operands, its negation, or an integer between it and 0. */
const keeping: readonly Intrinsic[] = ["neg", "abs", "sign", "trunc", "max", "min", "copy"];

/** `kernel` without the roundings of float32 values that no jump follows. */
export function withNeededRounding(kernel: Kernel): Kernel {
  const needed = beforeJumps(kernel);
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr => {
    const known = done.get(expr);
    if (known !== undefined) return known;
    const isFree = expr.kind === "cast" && expr.value.dtype === "float32" && !needed.has(expr);
    const result =
      isFree && expr.dtype === "float32" ? rewrite(expr.value) : withOperands(expr, rewrite);
    done.set(expr, result);
    return result;
  };
  return {
    ...kernel,
    stages: kernel.stages.map((stage) => ({ ...stage, value: rewrite(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: rewrite(output.value) })),
  };
}

/** Everything that the operand of a jump is computed from, through stages too. */
function beforeJumps({ stages, outputs }: Kernel): ReadonlySet<Expr> {
  const found = new Set<Expr>();
  const add = (expr: Expr): void => {
    if (found.has(expr)) return;
    found.add(expr);
    operandsOf(expr).forEach(add);
    const stage = expr.kind === "stage" ? stages[expr.stage] : undefined;
    if (stage !== undefined) add(stage.value);
  };
  for (const { reduce, value } of stages) if (reduce.startsWith("arg")) add(value);
  walk(
    [...stages, ...outputs].map(({ value }) => value),
    (expr) => {
      const isJump =
        (expr.kind === "call" && jumps.includes(expr.fn)) ||
        (expr.kind === "cast" && (!isFloat(expr.dtype) || isWidened(expr)));
      if (isJump) operandsOf(expr).forEach(add);
    },
  );
  return found;
}

/** Whether digits that a float32 does not have would be seen in a float64. */
function isWidened({ dtype, value }: Cast): boolean {
  return dtype === "float64" && value.dtype === "float32";
}

/** Functions in which the least change of an operand may change the result by much. */
// biome-ignore format: one line for each group
const jumps: readonly Intrinsic[] = [
  "eq", "ne", "lt", "le", "gt", "ge",
  "floor", "ceil", "trunc", "round", "floorDiv", "mod", "sign", "nextAfter",
];
