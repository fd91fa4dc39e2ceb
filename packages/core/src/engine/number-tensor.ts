// A JS number where an operation needs a tensor: a scalar tensor on the current backend.

import { currentDevice } from "../backend/current.js";
import type { Tensor } from "../tensor/tensor.js";
import { filled } from "./fill.js";

/** `value` as a float32 tensor of shape []. */
export function numberTensor(value: number): Tensor {
  return filled(currentDevice(), Math.fround(value), "float32", []);
}
