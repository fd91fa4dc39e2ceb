// The options every initializer takes, and the one way from host numbers to a tensor.

import {
  type Backend,
  type DType,
  DTypeError,
  defaultGenerator,
  type Generator,
  type Tensor,
  tensor,
} from "@chainrule/core";

/** Where random numbers come from and what tensor is made of them. */
export interface InitOptions {
  /** The source of random numbers; default: the one seeded by `manualSeed`. */
  readonly generator?: Generator | undefined;
  /** A float dtype; default "float32". */
  readonly dtype?: DType | undefined;
  /** Where the tensor lives; default: the backend set by `setBackend`. */
  readonly backend?: Backend | undefined;
  /** Whether gradients are recorded for it; default false. */
  readonly requiresGrad?: boolean | undefined;
}

/** Makes a tensor of a given shape; layers take one to start their weights differently. */
export type Initializer = (shape: readonly number[], options?: InitOptions) => Tensor;

const floats: readonly DType[] = ["float16", "float32", "float64"];

/** A tensor of host numbers, rounded once, from float64 to the dtype asked for. */
export function fromHost(
  op: string,
  values: Float64Array,
  shape: readonly number[],
  options: InitOptions,
): Tensor {
  const { dtype = "float32", backend, requiresGrad = false } = options;
  if (!floats.includes(dtype)) {
    throw new DTypeError(op, "initial weights must be of a float dtype", {
      expected: '"float32", "float64" or "float16"',
      got: `"${dtype}"`,
      fix: "Use zeros, full or randint for integers.",
    });
  }
  return tensor(values, { shape, dtype, backend, requiresGrad });
}

/** The generator asked for, or the default one. */
export function generatorOf(options: InitOptions): Generator {
  return options.generator ?? defaultGenerator();
}

/** The number of elements of a tensor of shape `shape`. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, extent) => size * extent, 1);
}
