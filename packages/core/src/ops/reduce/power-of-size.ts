// Powers of magnitudes, whose derivatives at 0 would be Infinity or NaN.

import type { Tensor } from "../../tensor/tensor.js";
import { equal } from "../elementwise/equal.js";
import { pow } from "../elementwise/pow.js";
import { sqrt } from "../elementwise/sqrt.js";
import { where } from "../elementwise/where.js";

/**
 * `size ^ exponent` for sizes from 0 on, with the derivative 0 at 0.
 *
 * @internal
 */
export function powerOfSize(size: Tensor, exponent: number): Tensor {
  const isZero = equal(size, 0);
  // Also the side that is not taken must have a finite derivative.
  const safe = where(isZero, 1, size);
  const power = exponent === 0.5 ? sqrt(safe) : pow(safe, exponent);
  return where(isZero, exponent < 0 ? Infinity : 0, power);
}
