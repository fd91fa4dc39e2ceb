// What Conv1d, Conv2d and Conv3d share.

import { type ConvOptions, conv, type PerAxis, type Tensor, ValueError } from "@chainrule/core";
import { Module } from "../module.js";
import { ensureChannels } from "./channels.js";
import { ensureCounts, perAxis } from "./sizes.js";
import { startWeights, type WeightOptions } from "./weights.js";

/** How a convolution runs over its input and how its weight and bias are made. */
export interface ConvLayerOptions extends ConvOptions, WeightOptions {}

/** A convolution over a fixed number of spatial axes. */
export abstract class Convolution extends Module {
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernelSize: readonly number[];
  readonly stride: readonly number[];
  readonly padding: readonly number[] | "same" | "valid";
  readonly dilation: readonly number[];
  readonly groups: number;
  readonly weight: Tensor;
  /** null when made with `bias: false`. */
  readonly bias: Tensor | null;
  readonly #op: string;
  readonly #axes: 1 | 2 | 3;

  constructor(
    op: string,
    axes: 1 | 2 | 3,
    inChannels: number,
    outChannels: number,
    kernelSize: PerAxis,
    options: ConvLayerOptions,
  ) {
    super();
    const { stride = 1, padding = 0, dilation = 1, groups = 1 } = options;
    ensureCounts(op, { inChannels, outChannels }, 1);
    ensureGroups(op, inChannels, outChannels, groups);
    this.#op = op;
    this.#axes = axes;
    this.inChannels = inChannels;
    this.outChannels = outChannels;
    this.kernelSize = perAxis(op, "kernelSize", kernelSize, axes, 1);
    this.stride = perAxis(op, "stride", stride, axes, 1);
    this.padding =
      padding === "same" || padding === "valid"
        ? padding
        : perAxis(op, "padding", padding, axes, 0);
    this.dilation = perAxis(op, "dilation", dilation, axes, 1);
    this.groups = groups;
    ensureSame(op, this.padding, this.stride);
    const shape = [outChannels, inChannels / groups, ...this.kernelSize];
    const { weight, bias } = startWeights(op, shape, options);
    this.weight = weight;
    this.bias = bias;
  }

  forward(x: Tensor): Tensor {
    ensureChannels(this.#op, x, this.inChannels, this.#axes);
    const y = conv(x, this.weight, this);
    if (this.bias === null) return y;
    return y.add(this.bias.reshape([this.outChannels, ...this.kernelSize.map(() => 1)]));
  }
}

function ensureGroups(op: string, inChannels: number, outChannels: number, groups: number): void {
  const divides = inChannels % groups === 0 && outChannels % groups === 0;
  if (Number.isSafeInteger(groups) && groups >= 1 && divides) return;
  throw new ValueError(op, "groups must divide the channels", {
    expected: `a divisor of ${inChannels} (inChannels) and of ${outChannels} (outChannels)`,
    got: String(groups),
  });
}

function ensureSame(op: string, padding: unknown, stride: readonly number[]): void {
  if (padding !== "same" || stride.every((step) => step === 1)) return;
  throw new ValueError(op, 'padding "same" needs windows at every position', {
    expected: "stride 1",
    got: `stride ${stride.join(", ")}`,
    fix: "Give the padding in numbers.",
  });
}
