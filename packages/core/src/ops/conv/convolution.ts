// The three products of a convolution: of input and weight, and of each of them with the gradient of
// the result. Each is the derivative of the others, so the three are closed under differentiation.

import { apply } from "../../engine/apply.js";
import { spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  type Input,
  type Primitive,
  tensorSpec,
} from "../../op/primitive.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type WindowAxis, windowKey } from "./geometry.js";
import { lowerConv, lowerInputGrad, lowerWeightGrad } from "./lower-convolution.js";

/**
 * What the three primitives `conv` (x, weight), `convInputGrad` (grad, weight) and `convWeightGrad`
 * (x, grad) have in common; shapes: x [N, groups · C, ...S], weight [groups · O, C, ...K] and grad
 * [N, groups · O, ...Y].
 */
export interface ConvAttrs extends Attrs {
  /** One for each spatial axis. */
  readonly axes: readonly WindowAxis[];
  readonly groups: number;
  /** The spatial extents of the result: Y, S or K. */
  readonly extents: readonly number[];
}

const convPrimitive: Primitive<ConvAttrs> = definePrimitive<ConvAttrs>({
  name: "conv",
  infer: (inputs, { extents }) => {
    const x = tensorSpec("conv", inputs, 0);
    const weight = tensorSpec("conv", inputs, 1);
    return { shape: [x.shape[0] ?? 0, weight.shape[0] ?? 0, ...extents], dtype: x.dtype };
  },
  lower: (inputs, output, attrs) => [
    lowerConv(tensorSpec("conv", inputs, 0), tensorSpec("conv", inputs, 1), output, attrs),
  ],
  saves: "inputs",
  vjp: [
    (grad, saved) =>
      convolveInputGrad(grad, saved.b as Tensor, saved.attrs, spatial(saved.spec(0))),
    (grad, saved) =>
      convolveWeightGrad(saved.a as Tensor, grad, saved.attrs, spatial(saved.spec(1))),
  ],
  // Examples become groups: [B, N, C, ...] · [B, O, C, ...] is [N, B · C, ...] · [B · O, C, ...].
  batch: (inputs, batched, attrs) => {
    const [x, weight, count] = spread(inputs, batched);
    const y = convolve(channels(x), weight.flatten(0, 1), grouped(attrs, count), attrs.extents);
    return examples(y, count);
  },
});

const inputGradPrimitive: Primitive<ConvAttrs> = definePrimitive<ConvAttrs>({
  name: "convInputGrad",
  infer: (inputs, { extents, groups }) => {
    const grad = tensorSpec("convInputGrad", inputs, 0);
    const weight = tensorSpec("convInputGrad", inputs, 1);
    const inChannels = groups * (weight.shape[1] ?? 0);
    return { shape: [grad.shape[0] ?? 0, inChannels, ...extents], dtype: grad.dtype };
  },
  lower: (inputs, output, attrs) => [
    lowerInputGrad(
      tensorSpec("convInputGrad", inputs, 0),
      tensorSpec("convInputGrad", inputs, 1),
      output,
      attrs,
    ),
  ],
  saves: "inputs",
  vjp: [
    (grad, saved) => convolve(grad, saved.b as Tensor, saved.attrs, spatial(saved.spec(0))),
    (grad, saved) =>
      convolveWeightGrad(grad, saved.a as Tensor, saved.attrs, spatial(saved.spec(1))),
  ],
  batch: (inputs, batched, attrs) => {
    const [grad, weight, count] = spread(inputs, batched);
    const all = grouped(attrs, count);
    return examples(
      convolveInputGrad(channels(grad), weight.flatten(0, 1), all, attrs.extents),
      count,
    );
  },
});

const weightGradPrimitive: Primitive<ConvAttrs> = definePrimitive<ConvAttrs>({
  name: "convWeightGrad",
  infer: (inputs, { extents, groups }) => {
    const x = tensorSpec("convWeightGrad", inputs, 0);
    const grad = tensorSpec("convWeightGrad", inputs, 1);
    return { shape: [grad.shape[1] ?? 0, (x.shape[1] ?? 0) / groups, ...extents], dtype: x.dtype };
  },
  lower: (inputs, output, attrs) => [
    lowerWeightGrad(
      tensorSpec("convWeightGrad", inputs, 0),
      tensorSpec("convWeightGrad", inputs, 1),
      output,
      attrs,
    ),
  ],
  saves: "inputs",
  vjp: [
    (grad, saved) =>
      convolveInputGrad(saved.b as Tensor, grad, saved.attrs, spatial(saved.spec(0))),
    (grad, saved) => convolve(saved.a as Tensor, grad, saved.attrs, spatial(saved.spec(1))),
  ],
  batch: (inputs, batched, attrs) => {
    const [x, grad, count] = spread(inputs, batched);
    const all = grouped(attrs, count);
    const weights = convolveWeightGrad(channels(x), channels(grad), all, attrs.extents);
    const { shape } = weights;
    return weights.reshape([count, (shape[0] ?? 0) / count, ...shape.slice(1)]);
  },
});

type Geometry = Pick<ConvAttrs, "axes" | "groups">;

/**
 * The convolution of `x` and `weight`, with `extents` windows.
 *
 * @internal
 */
export function convolve(
  x: Tensor,
  weight: Tensor,
  geometry: Geometry,
  extents: readonly number[],
): Tensor {
  return apply(convPrimitive, [x, weight], attrsOf(geometry, extents));
}

/**
 * The gradient of the input of a convolution, whose spatial extents are `extents`.
 *
 * @internal
 */
export function convolveInputGrad(
  grad: Tensor,
  weight: Tensor,
  geometry: Geometry,
  extents: readonly number[],
): Tensor {
  return apply(inputGradPrimitive, [grad, weight], attrsOf(geometry, extents));
}

/** The gradient of the weight of a convolution, whose spatial extents are `extents`. */
function convolveWeightGrad(
  x: Tensor,
  grad: Tensor,
  geometry: Geometry,
  extents: readonly number[],
): Tensor {
  return apply(weightGradPrimitive, [x, grad], attrsOf(geometry, extents));
}

function attrsOf({ axes, groups }: Geometry, extents: readonly number[]): ConvAttrs {
  return { key: `${windowKey(axes)}|${groups}|${extents}`, axes, groups, extents };
}

function spatial({ shape }: { readonly shape: readonly number[] }): readonly number[] {
  return shape.slice(2);
}

function spread(
  inputs: readonly Input[],
  batched: readonly boolean[],
): readonly [a: Tensor, b: Tensor, count: number] {
  const [a, b] = spreadBatch(inputs, batched) as [Tensor, Tensor];
  return [a, b, a.shape[0] ?? 1];
}

function grouped({ axes, groups }: ConvAttrs, count: number): Geometry {
  return { axes, groups: groups * count };
}

/** [B, N, C, ...] as [N, B · C, ...]. */
function channels(x: Tensor): Tensor {
  return x.transpose(0, 1).flatten(1, 2);
}

/** [N, B · C, ...] as [B, N, C, ...]. */
function examples(y: Tensor, count: number): Tensor {
  const [batch = 0, all = 0, ...rest] = y.shape;
  return y.reshape([batch, count, all / count, ...rest]).transpose(0, 1);
}
