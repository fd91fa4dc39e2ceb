import { ensureTensor, formatShape, leakyRelu, ShapeError, type Tensor } from "@chainrule/core";
import { constant, type InitOptions } from "@chainrule/init";
import { ensureCounts } from "../layers/sizes.js";
import { Module } from "../module.js";
import { parameter } from "../parameter.js";
import { ensureFinite } from "./ensure-finite.js";

/** How the slopes of {@link PReLU} start. */
export interface PReLUOptions extends Pick<InitOptions, "dtype" | "backend"> {
  /** The slope that training starts with; default 0.25. */
  readonly init?: number | undefined;
}

/**
 * A {@link LeakyReLU} that learns its negative slope: one for all elements, or one per channel.
 *
 * `y = max(x, 0) + α · min(x, 0)`
 *
 * Shapes: with one parameter any → same, with more [N, numParameters, ...] → same; `weight`
 * [numParameters] holds α. The slope at 0 is α, as in PyTorch.
 * Throws: {@link ShapeError} when axis 1 of x is not numParameters; {@link ValueError} for a number of
 * parameters that is no positive count.
 * Source: He et al. 2015, https://arxiv.org/abs/1502.01852. No weight decay on α, as there.
 *
 * @example
 * new PReLU().forward(tensor([-4, 2])).arraySync() // => [-1, 2]
 */
export class PReLU extends Module {
  readonly numParameters: number;
  readonly weight: Tensor;

  constructor(numParameters = 1, options: PReLUOptions = {}) {
    super();
    const { init = 0.25, dtype, backend } = options;
    ensureCounts("PReLU", { numParameters }, 1);
    ensureFinite("PReLU", "init", init);
    this.numParameters = numParameters;
    this.weight = parameter(constant([numParameters], init, { dtype, backend }));
  }

  forward(x: Tensor): Tensor {
    ensureTensor("PReLU", x);
    if (this.numParameters === 1) return leakyRelu(x, this.weight.reshape([]));
    const [, channels, ...rest] = x.shape;
    if (channels !== this.numParameters) throw channelsError(this.numParameters, x.shape);
    return leakyRelu(x, this.weight.reshape([channels, ...rest.map(() => 1)]));
  }
}

function channelsError(numParameters: number, shape: readonly number[]): ShapeError {
  return new ShapeError("PReLU", "axis 1 must hold one channel for each parameter", {
    expected: `[N, ${numParameters}, ...]`,
    got: formatShape(shape),
    fix: "new PReLU() has one slope for all channels.",
  });
}
