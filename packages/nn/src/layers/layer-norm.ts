import { type Tensor, ValueError } from "@chainrule/core";
import { constant, type InitOptions } from "@chainrule/init";
import { layerNorm } from "../functional/layer-norm.js";
import { ensureEps } from "../functional/moments.js";
import { Module } from "../module.js";
import { parameter } from "../parameter.js";

/** How a {@link LayerNorm} is made. */
export interface LayerNormLayerOptions extends Pick<InitOptions, "dtype" | "backend"> {
  /** Keeps the denominator away from 0; default 1e-5. */
  readonly eps?: number | undefined;
  /** Whether elements get a scale and an offset that are learned; default true. */
  readonly elementwiseAffine?: boolean | undefined;
  /** Whether the offset is among them; default true. */
  readonly bias?: boolean | undefined;
}

/**
 * Normalises every example over its last axes, alike in training and evaluation.
 *
 * `y = (x - mean) / √(variance + eps) · weight + bias`, see {@link layerNorm}
 *
 * Shapes: x [..., ...normalizedShape] → same; `weight` and `bias` normalizedShape.
 * Units and ranges: a number for `normalizedShape` is that of the last axis.
 * Throws: {@link ShapeError} when x does not end in normalizedShape; {@link ValueError} for a shape that
 * is none, and other eps than finite ones ≥ 0.
 * Source: Ba, Kiros & Hinton 2016, https://arxiv.org/abs/1607.06450.
 *
 * @example
 * new LayerNorm(2, { eps: 0 }).forward(tensor([[1, 3], [10, 30]])).arraySync() // => [[-1, 1], [-1, 1]]
 */
export class LayerNorm extends Module {
  readonly normalizedShape: readonly number[];
  readonly eps: number;
  /** null when made with `elementwiseAffine: false`. */
  readonly weight: Tensor | null;
  /** null when made with `elementwiseAffine: false` or `bias: false`. */
  readonly bias: Tensor | null;

  constructor(normalizedShape: number | readonly number[], options: LayerNormLayerOptions = {}) {
    super();
    const { eps = 1e-5, elementwiseAffine = true, bias = true, dtype, backend } = options;
    const shape = typeof normalizedShape === "number" ? [normalizedShape] : [...normalizedShape];
    ensureSizes(shape);
    ensureEps("LayerNorm", eps);
    this.normalizedShape = shape;
    this.eps = eps;
    this.weight = elementwiseAffine ? parameter(constant(shape, 1, { dtype, backend })) : null;
    this.bias =
      elementwiseAffine && bias ? parameter(constant(shape, 0, { dtype, backend })) : null;
  }

  forward(x: Tensor): Tensor {
    return layerNorm(x, this.normalizedShape, this);
  }
}

function ensureSizes(shape: readonly number[]): void {
  if (shape.length > 0 && shape.every((n) => Number.isSafeInteger(n) && n > 0)) return;
  throw new ValueError("LayerNorm", "normalizedShape names the last axes", {
    expected: "one whole number ≥ 1 or more of them",
    got: `[${shape.join(", ")}]`,
    fix: "Leave the batch axis out, e.g. new LayerNorm(x.shape.slice(1)).",
  });
}
