// How many inputs and outputs a weight connects, and how much a nonlinearity shrinks its input: the
// two numbers Xavier and Kaiming initialization are made of.

import { ShapeError, ValueError } from "@chainrule/core";
import { ensureShape } from "./options.js";

/** The number of inputs that reach one output, and of outputs that one input reaches. */
export interface Fans {
  readonly fanIn: number;
  readonly fanOut: number;
}

/** The nonlinearities a gain is known for. */
export type Nonlinearity =
  | "linear"
  | "identity"
  | "sigmoid"
  | "tanh"
  | "relu"
  | "leakyRelu"
  | "selu";

/**
 * Counts the connections of a weight.
 *
 * `fanIn = in · k`, `fanOut = out · k`, with k the product of the kernel extents
 *
 * Shapes: `shape` [out, in] of a linear layer or [out, in, ...kernel] of a convolution.
 * Throws: {@link ShapeError} for fewer than two axes, where fans are undefined.
 *
 * @example
 * calculateFanInFanOut([8, 3, 5, 5]) // => { fanIn: 75, fanOut: 200 }
 */
export function calculateFanInFanOut(shape: readonly number[]): Fans {
  return fansOf("calculateFanInFanOut", shape);
}

/** The fans of `shape`, with errors in the name of `op`. */
export function fansOf(op: string, shape: readonly number[]): Fans {
  ensureShape(op, shape);
  const [outputs, inputs, ...kernel] = shape;
  if (outputs === undefined || inputs === undefined) {
    throw new ShapeError(op, "fan in and fan out need a weight of at least two axes", {
      expected: "[out, in] or [out, in, ...kernel]",
      got: `[${shape.join(", ")}]`,
      fix: "Use uniform, normal or constant for biases and other vectors.",
    });
  }
  const field = kernel.reduce((product, extent) => product * extent, 1);
  return { fanIn: inputs * field, fanOut: outputs * field };
}

/**
 * The recommended scale of weights in front of a nonlinearity: the factor that keeps the variance of
 * activations about constant from layer to layer.
 *
 * linear, identity, sigmoid 1 · tanh 5/3 · relu √2 · leakyRelu √(2 / (1 + a²)) · selu 3/4
 *
 * Units and ranges: `param` is the negative slope a of leakyRelu (default 0.01), ignored otherwise.
 * Throws: {@link ValueError} for an unknown nonlinearity.
 * Source: values as PyTorch's calculate_gain; leakyRelu: He et al. 2015,
 * https://arxiv.org/abs/1502.01852, equation 15; 3/4 for selu was found empirically.
 *
 * @example
 * gain("leakyRelu", 1) // => 1
 */
export function gain(nonlinearity: Nonlinearity, param = 0.01): number {
  switch (nonlinearity) {
    case "linear":
    case "identity":
    case "sigmoid":
      return 1;
    case "tanh":
      return 5 / 3;
    case "relu":
      return Math.sqrt(2);
    case "leakyRelu":
      return Math.sqrt(2 / (1 + param * param));
    case "selu":
      return 3 / 4;
    default:
      throw new ValueError("gain", "the nonlinearity must be one a gain is known for", {
        expected: '"linear", "identity", "sigmoid", "tanh", "relu", "leakyRelu" or "selu"',
        got: JSON.stringify(nonlinearity satisfies never),
        fix: 'Use "relu" for functions close to it and "linear" where in doubt.',
      });
  }
}
