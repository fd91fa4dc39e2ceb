// How layers start their parameters.

import {
  type Backend,
  type DType,
  formatShape,
  type Generator,
  ShapeError,
  type Tensor,
  tensor,
} from "@chainrule/core";
import {
  calculateFanInFanOut,
  type Initializer,
  type InitOptions,
  kaimingUniform,
  uniform,
} from "@chainrule/init";
import { parameter } from "../parameter.js";

/** How the weight and the bias of a layer are made. */
export interface WeightOptions {
  /** Whether a bias is added; default true. */
  readonly bias?: boolean | undefined;
  /** Default "float32". */
  readonly dtype?: DType | undefined;
  /** Default: the backend set by `setBackend`. */
  readonly backend?: Backend | undefined;
  /** The source of the initial weights; default: the generator seeded by `manualSeed`. */
  readonly generator?: Generator | undefined;
  /** Makes the weight; default: `kaimingUniform` with a = √5, as PyTorch. */
  readonly weightInit?: Initializer | undefined;
  /** Makes the bias; default: uniform in ±1/√fanIn, as PyTorch. */
  readonly biasInit?: Initializer | undefined;
}

/** The weight of shape `shape` [out, in, ...kernel] and the bias [out] of the layer `op`. */
export function startWeights(
  op: string,
  shape: readonly number[],
  options: WeightOptions,
): { readonly weight: Tensor; readonly bias: Tensor | null } {
  const { bias = true, weightInit = defaultWeight, biasInit = defaultBias(shape) } = options;
  const { dtype, backend, generator } = options;
  const init: InitOptions = { dtype, backend, generator };
  return {
    weight: startParameter(op, "weight", weightInit, shape, init),
    bias: bias ? startParameter(op, "bias", biasInit, shape.slice(0, 1), init) : null,
  };
}

/** The parameter `name` of the layer `op`, as `init` makes it. */
export function startParameter(
  op: string,
  name: string,
  init: Initializer,
  shape: readonly number[],
  options: InitOptions,
): Tensor {
  const initial = init(shape, options);
  if (initial.shape.join() !== shape.join()) {
    throw new ShapeError(op, `${name}Init must return a tensor of the shape it is given`, {
      expected: formatShape(shape),
      got: formatShape(initial.shape),
      fix: "It is called with (shape, options).",
    });
  }
  // A copy: training must not write into what the initializer holds, nor tie two layers to it.
  return parameter(tensor(initial));
}

const defaultWeight: Initializer = (shape, options) =>
  kaimingUniform(shape, { ...options, a: Math.sqrt(5) });

function defaultBias(weightShape: readonly number[]): Initializer {
  const bound = 1 / Math.sqrt(Math.max(1, calculateFanInFanOut(weightShape).fanIn));
  return (shape, options) => uniform(shape, { ...options, low: -bound, high: bound });
}
