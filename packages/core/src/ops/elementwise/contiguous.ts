import type { DType } from "@chainrule/kernel";
import type { Tensor } from "../../tensor/tensor.js";
import { copy } from "./copy.js";

/**
 * `x` itself when its elements lie row-major without gaps, otherwise a copy that does.
 *
 * @method
 */
export function contiguous<D extends DType>(x: Tensor<D>): Tensor<D> {
  return x.layout.contiguous ? x : copy(x);
}
