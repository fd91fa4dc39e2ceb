import { cast, type DType, isFloat, sizeOf } from "@chainrule/kernel";
import { positions } from "../../engine/fill.js";
import { DTypeError } from "../../errors.js";
import { defineReduction, type ReductionOp } from "../../op/reduction.js";
import type { Tensor } from "../../tensor/tensor.js";
import { where } from "../elementwise/where.js";
import { argmaxAxes } from "../reduce/argmax.js";
import type { PerAxis } from "./geometry.js";
import { type PoolOptions, pooling } from "./pool-axes.js";
import { paddedWindows } from "./windows.js";

/** How windows lie in a {@link maxPool}. */
export interface MaxPoolOptions extends PoolOptions {
  /** Elements between neighbouring taps of a window; default 1. */
  readonly dilation?: PerAxis | undefined;
}

/** The largest element over several axes; the gradient goes to the first of equal ones. */
const firstMax: ReductionOp = defineReduction({
  name: "firstMax",
  reduce: "max",
  dtype: (dtype) => dtype,
  convert: cast,
  emptyHasResult: false,
  saves: "inputs",
  vjp: (grad, { x, attrs: { axes } }) => {
    const window = axes.map((axis) => x.shape[axis] ?? 1);
    const winner = argmaxAxes.over(x, axes, false, false);
    const wide = [...winner.shape, ...window.map(() => 1)];
    const places = positions(x.storage.device, sizeOf(window)).reshape(window);
    return where(places.equal(winner.reshape(wide)), grad.reshape(wide), 0);
  },
});

/**
 * The largest element of each window over the spatial axes; NaN wins.
 *
 * Shapes: [N, C, ...S] → [N, C, ...Y], 1 to 3 spatial axes; `window` in elements, one number or one
 * per axis; `stride` default: the window. Padding never wins. The gradient goes to the first largest
 * element of a window.
 * Throws: ShapeError when a window does not fit; ValueError for a padding of more than half a window
 * and other options out of range; DTypeError for bool.
 *
 * @example
 * maxPool(tensor([[[1, 3, 2, 0]]]), 2) // => [[[3, 2]]]
 */
export function maxPool<D extends DType>(
  x: Tensor<D>,
  window: PerAxis,
  options: MaxPoolOptions = {},
): Tensor<D> {
  const { window: taps, axes } = pooling("maxPool", x, window, options);
  if (x.dtype === "bool") {
    throw new DTypeError("maxPool", "the input must have an order", {
      expected: "an int or float tensor",
      got: "bool",
      fix: 'Convert with astype("uint8").',
    });
  }
  const views = paddedWindows(x, taps, axes, lowest(x.dtype));
  const last = taps.map((_, d) => x.ndim + d);
  return firstMax.over(views, last, false, false) as Tensor<D>;
}

function lowest(dtype: DType): number {
  if (isFloat(dtype)) return Number.NEGATIVE_INFINITY;
  return dtype === "int32" ? -(2 ** 31) : 0;
}
