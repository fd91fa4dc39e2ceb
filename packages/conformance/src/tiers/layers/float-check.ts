import type { DType } from "@chainrule/kernel";
import type { Bench, Check, CheckOptions, Tier } from "../../check.js";

/** A check in a float dtype, which the backend must have. */
export function floatCheck(
  tier: Tier,
  id: string,
  float: DType,
  run: (bench: Bench) => Promise<void>,
  { compiles = false, ...needs }: CheckOptions = {},
): Check {
  return { id, tier, dtype: float, needs: { ...needs, dtypes: [float] }, compiles, run };
}
