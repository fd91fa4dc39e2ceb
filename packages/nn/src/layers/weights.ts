// How layers start their parameters.

import { formatShape, formatValue, ShapeError, Tensor, tensor, ValueError } from "@chainrule/core";
import {
  calculateFanInFanOut,
  type Initializer,
  type InitOptions,
  kaimingUniform,
  uniform,
} from "@chainrule/init";
import { parameter } from "../parameter.js";

/** Where parameters live and what their random numbers come from. */
export type ParameterOptions = Omit<InitOptions, "requiresGrad">;

/** What parameters start with: a function that makes it, or a tensor of which they are copies. */
export type ParameterInit = Initializer | Tensor;

/** How the weight and the bias of a layer are made. */
export interface WeightOptions extends ParameterOptions {
  /** Whether a bias is added; default true. */
  readonly bias?: boolean | undefined;
  /** What the weight starts with; default: `kaimingUniform` with a = √5, as PyTorch. */
  readonly weightInit?: ParameterInit | undefined;
  /** What the bias starts with; default: uniform in ±1/√fanIn, as PyTorch. */
  readonly biasInit?: ParameterInit | undefined;
}

/** The weight of shape `shape` [out, in, ...kernel] and the bias [out] of the layer `op`. */
export function startWeights(
  op: string,
  shape: readonly number[],
  options: WeightOptions,
): { readonly weight: Tensor; readonly bias: Tensor | null } {
  const { bias = true, weightInit = defaultWeight, biasInit = defaultBias(shape) } = options;
  const { dtype, backend, generator } = options;
  const init: ParameterOptions = { dtype, backend, generator };
  return {
    weight: startParameter(op, "weight", weightInit, shape, init),
    bias: bias ? startParameter(op, "bias", biasInit, shape.slice(0, 1), init) : null,
  };
}

/** The parameter `name` of the layer `op`, of the shape `shape`. */
export function startParameter(
  op: string,
  name: string,
  init: ParameterInit,
  shape: readonly number[],
  options: ParameterOptions,
): Tensor {
  const initial: unknown = typeof init === "function" ? init(shape, options) : init;
  if (!(initial instanceof Tensor)) throw initError(op, name, initial);
  if (initial.shape.join() !== shape.join()) {
    throw new ShapeError(op, `${name}Init must give a tensor of the shape of the ${name}`, {
      expected: formatShape(shape),
      got: formatShape(initial.shape),
      fix: "An initializer is called with (shape, options).",
    });
  }
  // A copy: training must not write into what others hold, nor tie two layers to it.
  return parameter(tensor(initial, { dtype: options.dtype, backend: options.backend }));
}

function initError(op: string, name: string, got: unknown): ValueError {
  return new ValueError(op, `${name}Init says what the ${name} starts with`, {
    expected: "a tensor, or an initializer (shape, options) => tensor",
    got: formatValue(got),
    fix: "Wrap data with tensor(…).",
  });
}

const defaultWeight: Initializer = (shape, options) =>
  kaimingUniform(shape, { ...options, a: Math.sqrt(5) });

function defaultBias(weightShape: readonly number[]): Initializer {
  const bound = 1 / Math.sqrt(Math.max(1, calculateFanInFanOut(weightShape).fanIn));
  return (shape, options) => uniform(shape, { ...options, low: -bound, high: bound });
}
