import { standardNormal, type Tensor } from "@chainrule/core";
import { ensureBell, type NormalOptions } from "./normal.js";
import { fill } from "./options.js";

/**
 * Fills a new tensor with a single random number: the start from which hidden units never part.
 *
 * `x = z` everywhere, `z ~ N(mean, std²)`
 *
 * For demonstrations. Hidden units with equal weights compute the same, get the same gradient and stay
 * equal however long they train: a layer of them is worth one unit. `constant` takes a given number.
 *
 * Throws: {@link ValueError} unless `mean` and `std` are finite and `std` ≥ 0.
 *
 * @example
 * const weight = allEqual([2, 3]);
 * weight.equal(weight.max()).all().itemSync() // => true
 */
export function allEqual(shape: readonly number[], options: NormalOptions = {}): Tensor {
  const { mean = 0, std = 1 } = options;
  ensureBell("allEqual", mean, std);
  return fill("allEqual", shape, options, (size, generator) => {
    const [z = 0] = standardNormal(generator, 1);
    return new Float64Array(size).fill(mean + std * z);
  });
}
