import { coord, type DType } from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import {
  type Attrs,
  definePrimitive,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import { coordinates, reduceStep } from "../../op/step.js";
import { defineView, type ViewOp, viewOf } from "../../op/view.js";
import { ensureShapeList } from "../../shape/list.js";
import type { Tensor } from "../../tensor/tensor.js";
import { pad } from "../join/pad.js";
import { permuteDims } from "../view/permute-dims.js";
import {
  perAxis,
  type WindowAxis,
  type WindowOptions,
  windowAxes,
  windowCounts,
  windowKey,
} from "./geometry.js";
import { elementAt, windowAt } from "./places.js";

/** The attributes of `windows` and of its gradient, `overlapAdd`. */
export interface WindowsAttrs extends Attrs {
  /** One for each of the last axes; nothing is added around them. */
  readonly axes: readonly WindowAxis[];
  /** The extents of `windows`: the taps of a window; of `overlapAdd`: those of its result. */
  readonly extents: readonly number[];
}

const windowsView: ViewOp<WindowsAttrs> = defineView<WindowsAttrs>({
  name: "windows",
  view: ({ shape, strides }, { axes, extents: window }) => {
    const lead = shape.length - axes.length;
    const counts = windowCounts("windows", shape.slice(lead), window, axes);
    const along = strides.slice(lead);
    return viewOf(
      [...shape.slice(0, lead), ...counts, ...window],
      [
        ...strides.slice(0, lead),
        ...axes.map(({ stride }, d) => stride * (along[d] ?? 0)),
        ...axes.map(({ dilation }, d) => dilation * (along[d] ?? 0)),
      ],
    );
  },
  vjp: (grad, saved) => overlapAdd(grad, saved.attrs.axes, saved.spec(0).shape),
  batch: ([x], _batched, attrs) => windowsView(x as Tensor, attrs),
});

const overlapAddPrimitive: Primitive<WindowsAttrs> = definePrimitive<WindowsAttrs, [TensorSpec]>({
  name: "overlapAdd",
  infer: ([{ shape, dtype }], { axes, extents }) => ({
    shape: [...shape.slice(0, shape.length - 2 * axes.length), ...extents],
    dtype,
  }),
  lower: ([x], output, { axes }) => [lowerOverlapAdd(x, output, axes)],
  saves: "nothing",
  vjp: [
    (grad, saved) => {
      const { axes } = saved.attrs;
      return windowsOver(grad, saved.spec(0).shape.slice(-axes.length), axes);
    },
  ],
  batch: ([x], _batched, attrs) => apply(overlapAddPrimitive, [x as Tensor], attrs),
});

/**
 * All windows of `window` elements over the last axes of `x`, as a view without a copy: reduce over
 * the new last axes to pool in any way.
 *
 * `y[…, y, k] = x[…, y·stride + k·dilation]` for one axis
 *
 * Shapes: [..., ...S] → [..., ...Y, ...window] with `Y = ⌊(S - dilation·(window - 1) - 1) / stride⌋ + 1`.
 * Throws: ShapeError when a window does not fit; ValueError for other than positive whole numbers.
 *
 * @example
 * windows(tensor([1, 2, 3, 4]), [2]) // => [[1, 2], [2, 3], [3, 4]]
 * windows(tensor([1, 2, 3, 4]), [2], { stride: 2 }).max(-1) // => [2, 4]
 */
export function windows<D extends DType>(
  x: Tensor<D>,
  window: readonly number[],
  options: WindowOptions = {},
): Tensor<D> {
  ensureTensor("windows", x);
  ensureShapeList("windows", window);
  const taps = perAxis("windows", "window", window, Math.min(window.length, x.ndim), 1);
  const { stride, dilation } = options;
  return windowsOver(x, taps, windowAxes("windows", taps.length, { stride, dilation }));
}

/**
 * The windows along the spatial axes of `x` [N, C, ...S], with `value` added around them.
 *
 * @internal
 */
export function paddedWindows<D extends DType>(
  x: Tensor<D>,
  window: readonly number[],
  axes: readonly WindowAxis[],
  value: number,
): Tensor<D> {
  const isPadded = axes.some(({ before, after }) => before > 0 || after > 0);
  const widths = axes.map(({ before, after }): [number, number] => [before, after]);
  const wide = isPadded ? pad(x, [[0, 0], [0, 0], ...widths], value) : x;
  return windowsOver(wide, window, withoutPadding(axes));
}

/**
 * [N, C, ...Y, ...K] as [N, C, ...K, ...Y], or back.
 *
 * @internal
 */
export function exchangeSpatial<D extends DType>(x: Tensor<D>): Tensor<D> {
  const rank = (x.ndim - 2) / 2;
  const first = Array.from({ length: rank }, (_, d) => 2 + d);
  return permuteDims(x, [0, 1, ...first.map((axis) => axis + rank), ...first]);
}

/**
 * The same windows over an array that holds the padding already.
 *
 * @internal
 */
export function withoutPadding(axes: readonly WindowAxis[]): WindowAxis[] {
  return axes.map((axis) => ({ ...axis, before: 0, after: 0 }));
}

function windowsOver<D extends DType>(
  x: Tensor<D>,
  window: readonly number[],
  axes: readonly WindowAxis[],
): Tensor<D> {
  const key = `${windowKey(axes)}|${window}`;
  return windowsView(x, { key, axes, extents: window }) as Tensor<D>;
}

/**
 * Adds up windows [..., ...Y, ...K] where they overlap, to an array whose last axes are those of
 * `shape`: the gradient of {@link windows}.
 *
 * @internal
 */
export function overlapAdd(
  x: Tensor,
  axes: readonly WindowAxis[],
  shape: readonly number[],
): Tensor {
  const extents = shape.slice(shape.length - axes.length);
  return apply(overlapAddPrimitive, [x], { key: `${windowKey(axes)}|${extents}`, axes, extents });
}

/** Every position sums the taps that lie on it. */
function lowerOverlapAdd(x: TensorSpec, output: OutputSpec, axes: readonly WindowAxis[]): Step {
  const rank = output.shape.length;
  const lead = rank - axes.length;
  const taps = axes.map((_, d) => coord(rank + d));
  const windows = axes.map((axis, d) => windowAt(coord(lead + d), coord(rank + d), axis));
  const counts = x.shape.slice(lead, rank);
  const here = coordinates(output.shape.slice(0, lead));
  const { element, scalars } = elementAt(x.dtype, here, windows, counts, taps);
  const inner = axes.map((_, d) => ({ operand: 0, dim: rank + d }));
  return reduceStep({ name: "overlapAdd", inputs: [x], output, scalars, inner }, "sum", element);
}
