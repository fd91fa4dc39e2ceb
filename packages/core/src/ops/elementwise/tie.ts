// How the gradient of maximum and minimum is shared: to the winner, half each on a tie.

import type { Input } from "../../op/primitive.js";
import type { BinaryBoolOp } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { equal } from "./equal.js";
import { where } from "./where.js";

/**
 * The part of `grad` that belongs to `mine`, where `loses` says whether `other` wins over it.
 *
 * @internal
 */
export function shareOfWinner(
  grad: Tensor,
  mine: Input,
  other: Input,
  loses: BinaryBoolOp,
): Tensor {
  return where(loses(mine, other), 0, where(equal(mine, other), grad.mul(0.5), grad));
}
