import {
  type Backend,
  type DType,
  ensureTensor,
  type Generator,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from "@chainrule/core";
import { type Initializer, type InitOptions, kaimingUniform, uniform } from "@chainrule/init";
import { Module } from "../module.js";
import { parameter } from "../parameter.js";

/** How a {@link Linear} layer is made. */
export interface LinearOptions {
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
  /** Makes the bias; default: uniform in ±1/√inFeatures, as PyTorch. */
  readonly biasInit?: Initializer | undefined;
}

/**
 * Connects every input to every output.
 *
 * `y = x Wᵀ + b`
 *
 * Shapes: x [..., inFeatures] → [..., outFeatures]; `weight` [outFeatures, inFeatures], `bias`
 * [outFeatures]. Both start uniform in ±1/√inFeatures.
 * Throws: {@link ShapeError} when the last axis of x is not inFeatures.
 *
 * @example
 * new Linear(3, 2).forward(ones([5, 3])).shape // => [5, 2]
 */
export class Linear extends Module {
  readonly inFeatures: number;
  readonly outFeatures: number;
  readonly weight: Tensor;
  /** null when made with `bias: false`. */
  readonly bias: Tensor | null;

  constructor(inFeatures: number, outFeatures: number, options: LinearOptions = {}) {
    super();
    ensureCount("inFeatures", inFeatures);
    ensureCount("outFeatures", outFeatures);
    this.inFeatures = inFeatures;
    this.outFeatures = outFeatures;
    const { bias = true, weightInit = defaultWeight, biasInit = defaultBias(inFeatures) } = options;
    const { dtype, backend, generator } = options;
    const init: InitOptions = { dtype, backend, generator };
    this.weight = start("weight", weightInit, [outFeatures, inFeatures], init);
    this.bias = bias ? start("bias", biasInit, [outFeatures], init) : null;
  }

  forward(x: Tensor): Tensor {
    ensureTensor("Linear", x);
    const { shape } = x;
    if (shape[shape.length - 1] !== this.inFeatures) throw this.#lastAxisError(shape);
    if (shape.length <= 2) return this.#affine(x);
    // One product of two matrices: the weight need not be broadcast over the leading axes.
    const rows = shape.slice(0, -1).reduce((product, extent) => product * extent, 1);
    const y = this.#affine(x.reshape([rows, this.inFeatures]));
    return y.reshape([...shape.slice(0, -1), this.outFeatures]);
  }

  #affine(x: Tensor): Tensor {
    const product = x.matmul(this.weight.T);
    return this.bias === null ? product : product.add(this.bias);
  }

  #lastAxisError(shape: readonly number[]): ShapeError {
    const features = shape[shape.length - 1];
    const flattens =
      shape.length > 2 && shape.slice(1).reduce((p, n) => p * n, 1) === this.inFeatures;
    return new ShapeError("Linear", "the last axis must hold the input features", {
      expected: `[..., ${this.inFeatures}]`,
      got: `[${shape.join(", ")}]`,
      fix: flattens
        ? "Put a Flatten() before this layer."
        : `Make the layer with inFeatures ${features ?? "of the input"}, or reshape the input.`,
    });
  }
}

const defaultWeight: Initializer = (shape, options) =>
  kaimingUniform(shape, { ...options, a: Math.sqrt(5) });

function defaultBias(inFeatures: number): Initializer {
  const bound = 1 / Math.sqrt(Math.max(1, inFeatures));
  return (shape, options) => uniform(shape, { ...options, low: -bound, high: bound });
}

function start(
  name: string,
  init: Initializer,
  shape: readonly number[],
  options: InitOptions,
): Tensor {
  const initial = init(shape, options);
  if (initial.shape.join() !== shape.join()) {
    throw new ShapeError("Linear", `${name}Init must return a tensor of the shape it is given`, {
      expected: `[${shape.join(", ")}]`,
      got: `[${initial.shape.join(", ")}]`,
      fix: "A weight is [outFeatures, inFeatures], a bias [outFeatures].",
    });
  }
  // A copy: training must not write into what the initializer holds, nor tie two layers to it.
  return parameter(tensor(initial));
}

function ensureCount(name: string, value: number): void {
  if (Number.isInteger(value) && value >= 0) return;
  throw new ValueError("Linear", `${name} must be a count`, {
    expected: "a whole number ≥ 0",
    got: String(value),
    fix: "Call new Linear(inFeatures, outFeatures, options).",
  });
}
