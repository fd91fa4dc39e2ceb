// Statistics of whole numbers are not whole: the user says in which float dtype they are wanted.

import { isFloat } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { DTypeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Throws: {@link DTypeError} unless `x` is a float tensor; `what` names the result.
 *
 * @internal
 */
export function ensureFloatOperand(op: string, what: string, x: Tensor): void {
  ensureTensor(op, x);
  if (isFloat(x.dtype)) return;
  throw new DTypeError(op, `${what} of whole numbers is not whole`, {
    expected: "a float tensor",
    got: x.dtype,
    fix: `Convert first: x.astype("float32").${op}().`,
  });
}
