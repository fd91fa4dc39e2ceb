import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, ShapeError } from "../../errors.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { sliceAxis } from "./slice.js";

/**
 * Cuts `x` along `axis` into consecutive parts, each a view: into as many equal ones as a number
 * says, or into parts of the listed sizes.
 *
 * Throws: ShapeError unless the number divides the axis, or the sizes add up to it.
 *
 * @example
 * split(arange(6), 3) // => [[0, 1], [2, 3], [4, 5]]
 * split(arange(6), [1, 5]) // => [[0], [1, 2, 3, 4, 5]]
 *
 * @method
 */
export function split<D extends DType>(
  x: Tensor<D>,
  sizesOrSections: number | readonly number[],
  axis = 0,
): Tensor<D>[] {
  ensureTensor("split", x);
  const along = resolveAxis("split", axis, x.shape);
  const extent = x.shape[along] ?? 0;
  let start = 0;
  return sizesOf(sizesOrSections, extent, x.shape).map((count) => {
    const part = sliceAxis(x, along, start, count);
    start += count;
    return part;
  });
}

function sizesOf(
  given: number | readonly number[],
  extent: number,
  shape: readonly number[],
): readonly number[] {
  if (typeof given === "number") {
    const divides = given >= 1 && given <= Math.max(1, extent) && extent % given === 0;
    if (Number.isInteger(given) && divides) return new Array<number>(given).fill(extent / given);
    throw new ShapeError("split", "the parts must be equal", {
      expected: `a divisor of ${extent}`,
      got: `${given} parts, for shape ${formatShape(shape)}`,
      fix: "List the sizes of the parts to cut unequal ones.",
    });
  }
  const sizes = [given].flat();
  const valid = sizes.every((size) => Number.isInteger(size) && size >= 0);
  if (valid && sizes.reduce((a, b) => a + b, 0) === extent) return sizes;
  throw new ShapeError("split", "the parts must make up the axis", {
    expected: `whole sizes from 0 on whose sum is ${extent}`,
    got: `${formatValue(given)}, for shape ${formatShape(shape)}`,
  });
}
