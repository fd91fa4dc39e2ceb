// The options every initializer takes, and the one way from host numbers to a tensor.

import {
  type Backend,
  type DType,
  DTypeError,
  defaultGenerator,
  formatShape,
  formatValue,
  type Generator,
  ShapeError,
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

/** As float64, how they are drawn, these are 2 GiB. */
const maxElements = 2 ** 28;

/**
 * A tensor of the `size` numbers that `draw` returns, rounded once, from float64 to the dtype asked
 * for. Shape and dtype are checked first: what is refused leaves the generator where it was.
 */
export function fill(
  op: string,
  shape: readonly number[],
  options: InitOptions,
  draw: (size: number, generator: Generator) => Float64Array,
): Tensor {
  const { dtype = "float32", backend, requiresGrad = false } = options;
  ensureShape(op, shape);
  if (!floats.includes(dtype)) {
    throw new DTypeError(op, "initial weights must be of a float dtype", {
      expected: '"float32", "float64" or "float16"',
      got: formatValue(dtype),
      fix: "Use zeros, full or randint for integers.",
    });
  }
  const size = shape.reduce((product, extent) => product * extent, 1);
  if (size > maxElements) {
    throw new ShapeError(op, "initial weights must fit in memory", {
      expected: `at most ${maxElements} elements`,
      got: `${size} of shape ${formatShape(shape)}`,
    });
  }
  const values = draw(size, options.generator ?? defaultGenerator());
  return tensor(values, { shape, dtype, backend, requiresGrad });
}

/** Throws: {@link ShapeError} unless `shape` is a list of whole numbers from 0 on. */
export function ensureShape(op: string, shape: readonly number[]): void {
  if (Array.isArray(shape) && shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return;
  throw new ShapeError(op, "a shape is a list of extents", {
    expected: "an array of whole numbers from 0 on",
    got: Array.isArray(shape) ? formatShape(shape) : formatValue(shape),
  });
}
