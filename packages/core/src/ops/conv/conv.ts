import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { productOperands } from "../linalg/product-operands.js";
import { convolution } from "./convolution.js";
import {
  type PerAxis,
  span,
  type WindowAxis,
  type WindowOptions,
  windowAxes,
  windowCounts,
} from "./geometry.js";

/** How a {@link conv} runs over its input. */
export interface ConvOptions extends WindowOptions {
  /**
   * Zeros added at both ends of the spatial axes, as numbers; "same" adds so many that the result
   * has the extents of the input (stride 1 only, the odd one behind); "valid" adds none. Default 0.
   */
  readonly padding?: PerAxis | "same" | "valid" | undefined;
  /** Into how many groups the channels fall that know nothing of each other; default 1. */
  readonly groups?: number | undefined;
}

/**
 * The convolution of neural networks (without a flip, a cross-correlation) over 1, 2 or 3 spatial axes.
 *
 * `out[n, o, y…] = Σ over c, k… of x[n, c, y·stride + k·dilation - padding …] · weight[o, c, k…]`
 *
 * Shapes: x [N, C, ...S], weight [O, C / groups, ...K] → [N, O, ...Y] with
 * `Y = ⌊(S + 2·padding - dilation·(K - 1) - 1) / stride⌋ + 1`.
 * Throws: ShapeError when shapes do not fit, or a window not in its axis; ValueError for options out
 * of range; DTypeError for two bool tensors.
 *
 * @example
 * const edges = tensor([[[-1, 1]]]);
 * conv(tensor([[[0, 0, 3, 3]]]), edges) // => [[[0, 3, 0]]]
 * conv(ones([1, 1, 4, 4]), ones([1, 1, 3, 3]), { padding: "same", stride: 1 }).shape // => [1, 1, 4, 4]
 */
export function conv<A extends DType, B extends DType>(
  x: Tensor<A>,
  weight: Tensor<B>,
  options: ConvOptions = {},
): Tensor<Promote<A, B>> {
  const { groups = 1 } = options;
  const [image, taps] = convolutionOperands("conv", x, weight, groups, 1);
  const kernel = weight.shape.slice(2);
  const axes = paddedAxes(kernel, options);
  const counts = windowCounts("conv", x.shape.slice(2), kernel, axes);
  const y = convolution("y", { x: image, weight: taps }, { axes, groups }, counts);
  return y as Tensor<DType> as Tensor<Promote<A, B>>;
}

function paddedAxes(kernel: readonly number[], options: ConvOptions): WindowAxis[] {
  const { padding = 0, ...rest } = options;
  if (padding === "valid") return windowAxes("conv", kernel.length, rest);
  if (padding !== "same") return windowAxes("conv", kernel.length, { ...rest, padding });
  const axes = windowAxes("conv", kernel.length, rest);
  if (axes.some(({ stride }) => stride !== 1)) {
    throw new ValueError("conv", 'padding "same" needs windows at every position', {
      expected: "stride 1",
      got: formatValue(options.stride),
      fix: "Give the padding in numbers.",
    });
  }
  return axes.map((axis, d) => {
    const added = span(kernel[d] ?? 1, axis) - 1;
    const before = Math.floor(added / 2);
    return { ...axis, before, after: added - before };
  });
}

/**
 * `x` [N, C, ...S] and `weight` in their common dtype. Throws unless they fit: axis `channelAxis` of
 * the weight holds C / groups (1, of a convolution) or C (0, of a transposed one).
 *
 * @internal
 */
export function convolutionOperands(
  op: string,
  x: Tensor,
  weight: Tensor,
  groups: number,
  channelAxis: 0 | 1,
): [x: Tensor, weight: Tensor] {
  const operands = productOperands(op, [x, weight]) as [Tensor, Tensor];
  const rank = weight.ndim - 2;
  if (rank < 1 || rank > 3 || x.ndim !== weight.ndim) {
    throw new ShapeError(op, "input and weight have 1 to 3 spatial axes after the first two", {
      expected: "x [N, C, ...S] and a weight with as many axes, 3 to 5",
      got: `x ${formatShape(x.shape)} and weight ${formatShape(weight.shape)}`,
      fix: x.ndim === weight.ndim - 1 ? "Add the axis of examples: x.expandDims(0)." : "",
    });
  }
  const [first = 0, second = 0, ...window] = weight.shape;
  if (window.includes(0)) {
    throw new ShapeError(op, "a window has elements", {
      expected: "spatial extents of the weight from 1 on",
      got: `weight ${formatShape(weight.shape)}`,
    });
  }
  if (!Number.isInteger(groups) || groups < 1 || first % groups !== 0) {
    throw new ValueError(op, "groups must divide the first axis of the weight", {
      expected: `a divisor of ${first}`,
      got: formatValue(groups),
    });
  }
  const wanted = channelAxis === 1 ? second * groups : first;
  if (x.shape[1] === wanted) return operands;
  throw new ShapeError(op, "the input must have the channels of the weight", {
    expected: `x with ${wanted} channels at axis 1, as the weight is ${formatShape(weight.shape)}${groups === 1 ? "" : ` in ${groups} groups`}`,
    got: `x ${formatShape(x.shape)}`,
    fix:
      x.shape.at(-1) === wanted
        ? "Channels come before the spatial axes: x.moveaxis(-1, 1)."
        : "Check the number of input channels and groups.",
  });
}
