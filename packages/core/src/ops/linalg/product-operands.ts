import type { DType } from "@chainrule/kernel";
import { promote } from "../../dtype/promote.js";
import { ensureTensor } from "../../engine/apply.js";
import { DTypeError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";

/**
 * The operands of a product, all in their common dtype. Throws: DTypeError when that is bool.
 *
 * @internal
 */
export function productOperands(op: string, operands: readonly Tensor[]): Tensor[] {
  for (const each of operands) ensureTensor(op, each);
  const dtype = productDType(op, operands);
  return operands.map((x) => astype(x, dtype));
}

/**
 * The common dtype of the operands of a product. Throws: DTypeError when it is bool.
 *
 * @internal
 */
export function productDType(op: string, operands: readonly Tensor[]): DType {
  const dtype: DType = operands.map((x) => x.dtype).reduce(promote);
  if (dtype !== "bool") return dtype;
  throw new DTypeError(op, "products need numbers", {
    expected: "an int or float tensor",
    got: "bool",
    fix: 'Convert with astype("float32").',
  });
}
