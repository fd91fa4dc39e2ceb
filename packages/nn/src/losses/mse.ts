import type { Tensor } from "@chainrule/core";
import { Module } from "../module.js";
import { ensureSameShape, type LossOptions, type Reduction, reduce } from "./reduction.js";

/**
 * Measures the squared distance between predictions and targets.
 *
 * `mean((ŷ - y)²)` over all elements
 *
 * Shapes: `input` ŷ and `target` y the same → [] (or that shape with reduction "none").
 * Units and ranges: no factor ½, as in PyTorch. Textbooks often write J = ½ Σ (ŷ - y)², which is
 * `mse(input, target, { reduction: "sum" }).mul(0.5)`, with the gradient ŷ - y.
 * Throws: {@link ShapeError} when the shapes differ, also where they would broadcast.
 *
 * @example
 * mse(tensor([1, 2]), tensor([1, 4])).itemSync() // => 2
 */
export function mse(input: Tensor, target: Tensor, options: LossOptions = {}): Tensor {
  ensureSameShape("mse", input, target);
  return reduce("mse", input.sub(target).square(), options.reduction);
}

/** The module form of {@link mse}. */
export class MSELoss extends Module<[input: Tensor, target: Tensor]> {
  readonly reduction: Reduction;

  constructor(options: LossOptions = {}) {
    super();
    this.reduction = options.reduction ?? "mean";
  }

  forward(input: Tensor, target: Tensor): Tensor {
    return mse(input, target, this);
  }
}
