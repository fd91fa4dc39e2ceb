import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import { type Axis, resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { flatten } from "../view/flatten.js";
import { reshape } from "../view/reshape.js";
import { split } from "../view/split.js";
import { concat } from "./concat.js";

/**
 * `x` with its elements moved on by `shift` along `axis`, those beyond the end back to the start:
 * `out[i + shift mod n] = x[i]`.
 *
 * One shift serves all axes, or each axis has its own. Without `axis` the elements move in row-major
 * order. Throws: AxisError; ValueError unless there is one whole shift for each axis.
 *
 * @example
 * roll(tensor([1, 2, 3, 4]), 1) // => [4, 1, 2, 3]
 * roll(tensor([[1, 2], [3, 4]]), -1, 0) // => [[3, 4], [1, 2]]
 *
 * @method
 */
export function roll<D extends DType>(
  x: Tensor<D>,
  shift: number | readonly number[],
  axis?: Axis,
): Tensor<D> {
  ensureTensor("roll", x);
  if (axis === undefined) return reshape(roll(flatten(x), shift, 0), x.shape);
  const axes = [axis].flat().map((each) => resolveAxis("roll", each, x.shape));
  const shifts = typeof shift === "number" ? axes.map(() => shift) : [shift].flat();
  if (shifts.length !== axes.length || !shifts.every(Number.isSafeInteger)) {
    throw new ValueError("roll", "each axis needs a whole shift", {
      expected: `a whole number, or ${axes.length} of them`,
      got: formatValue(shift),
    });
  }
  return axes.reduce((moved, each, i) => rollAxis(moved, shifts[i] ?? 0, each), x);
}

function rollAxis<D extends DType>(x: Tensor<D>, shift: number, axis: number): Tensor<D> {
  const n = x.shape[axis] ?? 0;
  if (n === 0) return x;
  const back = ((shift % n) + n) % n;
  return concat(split(x, [n - back, back], axis).reverse(), axis);
}
