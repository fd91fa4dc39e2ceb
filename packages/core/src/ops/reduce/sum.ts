import { cast, type DType, isFloat } from "@chainrule/kernel";
import {
  defineReduction,
  type ReduceOptions,
  type ReductionOp,
  restoreAxes,
} from "../../op/reduction.js";
import type { Axis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { stretchTo } from "../view/broadcast-to.js";

interface TotalTable {
  readonly bool: "int32";
  readonly uint8: "int32";
  readonly int32: "int32";
  readonly float16: "float16";
  readonly float32: "float32";
  readonly float64: "float64";
}

/** The dtype of a sum or product: a float dtype itself, int32 for bool and ints. */
export type TotalOf<D extends DType> = TotalTable[D];

/**
 * The dtype in which elements of `dtype` are added up.
 *
 * @internal
 */
export function totalDType(dtype: DType): DType {
  return isFloat(dtype) ? dtype : "int32";
}

const sumAxes: ReductionOp = defineReduction({
  name: "sum",
  reduce: "sum",
  dtype: totalDType,
  convert: cast,
  emptyHasResult: true,
  vjp: (grad, saved) => {
    const spec = saved.spec(0);
    const { axes } = saved.attrs;
    // Leading axes stretch by themselves; only axes in between need their place back.
    const leads =
      axes.every((axis, i) => axis === i) && grad.ndim + axes.length === spec.shape.length;
    return stretchTo(leads ? grad : restoreAxes(grad, spec, axes), spec.layout);
  },
});

/**
 * The sum over `axis` (one, several, or all axes when left out).
 *
 * Shapes: the reduced axes disappear, or stay with extent 1 with `keepdims`. dtype: floats keep
 * theirs, bool and ints give int32. The sum of nothing is 0.
 *
 * @example
 * sum(tensor([[1, 2], [3, 4]]), 0) // => [4, 6]
 *
 * @method
 */
export function sum<D extends DType>(
  x: Tensor<D>,
  axis?: Axis,
  options?: ReduceOptions,
): Tensor<TotalOf<D>> {
  return sumAxes(x, axis, options) as Tensor<TotalOf<D>>;
}

/**
 * {@link sum} over axes that are known to be in order and to exist.
 *
 * @internal
 */
export function sumOver(x: Tensor, axes: readonly number[]): Tensor {
  return sumAxes.over(x, axes, false, false);
}
