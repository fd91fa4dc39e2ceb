import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { formatShape, ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { convolutionOperands } from "./conv.js";
import { convolution } from "./convolution.js";
import { type PaddedWindowOptions, type PerAxis, perAxis, span, windowAxes } from "./geometry.js";

/** How a {@link convTranspose} spreads its input. */
export interface ConvTransposeOptions extends PaddedWindowOptions {
  /** Elements added behind the result, less than stride or dilation; default 0. */
  readonly outputPadding?: PerAxis | undefined;
  /** Into how many groups the channels fall that know nothing of each other; default 1. */
  readonly groups?: number | undefined;
}

/**
 * The transposed convolution: the gradient of a {@link conv} for its input, as a function of its own.
 *
 * `out[n, o, p·stride + k·dilation - padding …] += x[n, c, p…] · weight[c, o, k…]` for all c, p, k
 *
 * Shapes: x [N, C, ...S], weight [C, O / groups, ...K] → [N, O, ...Y] with
 * `Y = (S - 1)·stride - 2·padding + dilation·(K - 1) + outputPadding + 1`.
 * Throws: ShapeError when shapes do not fit or nothing would be left; ValueError for options out of
 * range; DTypeError for bool.
 * Source: Dumoulin & Visin 2016, https://arxiv.org/abs/1603.07285, section 4.
 *
 * @example
 * convTranspose(tensor([[[1, 2]]]), tensor([[[1, 1]]]), { stride: 2 }) // => [[[1, 1, 2, 2]]]
 */
export function convTranspose<A extends DType, B extends DType>(
  x: Tensor<A>,
  weight: Tensor<B>,
  options: ConvTransposeOptions = {},
): Tensor<Promote<A, B>> {
  const { groups = 1, outputPadding = 0, ...windows } = options;
  const [y, taps] = convolutionOperands("convTranspose", x, weight, groups, 0);
  const kernel = weight.shape.slice(2);
  const axes = windowAxes("convTranspose", kernel.length, windows);
  const added = perAxis("convTranspose", "outputPadding", outputPadding, kernel.length, 0);
  if (added.some((n, d) => n >= Math.max(axes[d]?.stride ?? 1, axes[d]?.dilation ?? 1))) {
    throw new ValueError("convTranspose", "outputPadding must be less than stride or dilation", {
      expected: `less than ${axes.map(({ stride, dilation }) => Math.max(stride, dilation))}`,
      got: `${added}`,
    });
  }
  const extents = axes.map((axis, d) => {
    const last = Math.max(0, (x.shape[2 + d] ?? 0) - 1) * axis.stride;
    return last + span(kernel[d] ?? 1, axis) - axis.before - axis.after + (added[d] ?? 0);
  });
  if (extents.some((extent) => extent < 1)) {
    throw new ShapeError("convTranspose", "the padding must leave something", {
      expected: "positive spatial extents",
      got: formatShape(extents),
      fix: "Use less padding.",
    });
  }
  const result = convolution("x", { y, weight: taps }, { axes, groups }, extents);
  return result as Tensor<DType> as Tensor<Promote<A, B>>;
}
