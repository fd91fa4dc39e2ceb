import { formatShape, ShapeError, standardNormal, type Tensor, ValueError } from "@chainrule/core";
import { ensureShape, fill, type InitOptions } from "./options.js";

/** The scale of {@link orthogonal}. */
export interface OrthogonalOptions extends InitOptions {
  /** A factor on every element, e.g. `gain("relu")`; default 1. */
  readonly gain?: number | undefined;
}

/**
 * Draws a weight with orthogonal rows or columns, all equally likely: at gain 1 it rotates its inputs
 * and keeps their lengths, through however many layers.
 *
 * `W Wᵀ = gain² I`, or `Wᵀ W = gain² I` where there are more rows than columns
 *
 * W is Q of `A = Q R` for a matrix A of normally distributed numbers, with a positive diagonal of R.
 * Computed on the host in float64 by + - · / √ alone, and rounded once: one seed gives the same bits on
 * every engine.
 *
 * Shapes: `shape` [out, in]; [out, in, ...kernel] is taken as [out, in · kernel].
 * Throws: {@link ShapeError} for fewer than two axes, {@link ValueError} for a gain that is not finite.
 * Source: Saxe, McClelland & Ganguli 2014, https://arxiv.org/abs/1312.6120; the sign of R as Mezzadri
 * 2007, https://arxiv.org/abs/math-ph/0609050.
 *
 * @example
 * const weight = orthogonal([2, 3]);
 * weight.matmul(weight.T) // => [[1, 0], [0, 1]] within 1e-6
 */
export function orthogonal(shape: readonly number[], options: OrthogonalOptions = {}): Tensor {
  const { gain = 1 } = options;
  ensureShape("orthogonal", shape);
  const [rows, ...others] = shape;
  if (rows === undefined || others.length === 0) {
    throw new ShapeError("orthogonal", "rows and columns need a weight of at least two axes", {
      expected: "[out, in] or [out, in, ...kernel]",
      got: formatShape(shape),
      fix: "Use zeros or constant for biases.",
    });
  }
  if (!Number.isFinite(gain)) {
    throw new ValueError("orthogonal", "the gain must be finite", {
      expected: "a finite number",
      got: String(gain),
    });
  }
  const columns = others.reduce((product, extent) => product * extent, 1);
  return fill("orthogonal", shape, options, (size, generator) => {
    const matrix = standardNormal(generator, size);
    // The vectors to be made orthogonal lie one behind the other: rows, or the columns transposed.
    const isWide = rows < columns;
    const vectors = isWide ? matrix : transpose(matrix, rows, columns);
    orthonormalize(vectors, Math.max(rows, columns));
    const result = isWide ? vectors : transpose(vectors, columns, rows);
    return result.map((element) => gain * element);
  });
}

/**
 * Makes the vectors of `length` elements in `vectors` orthogonal and of length 1, each by what it adds
 * to those before it. For the columns of A this is Q of A = Q R with a positive diagonal of R.
 *
 * Source: the modified Gram-Schmidt process, repeated where cancellation has eaten a digit: Daniel,
 * Gragg, Kaufman & Stewart 1976, https://doi.org/10.1090/S0025-5718-1976-0431641-8.
 */
export function orthonormalize(vectors: Float64Array, length: number): void {
  for (let own = 0; own < vectors.length; own += length) {
    let before: number;
    let after = Math.sqrt(dot(vectors, own, own, length));
    do {
      before = after;
      for (let other = 0; other < own; other += length) {
        subtract(vectors, own, other, length, dot(vectors, own, other, length));
      }
      after = Math.sqrt(dot(vectors, own, own, length));
    } while (after < 0.1 * before);
    for (let i = own; i < own + length; i++) vectors[i] = (vectors[i] ?? 0) / after;
  }
}

function dot(x: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let i = 0; i < length; i++) sum += (x[a + i] as number) * (x[b + i] as number);
  return sum;
}

/** `x[a …] ← x[a …] - factor · x[b …]` */
function subtract(x: Float64Array, a: number, b: number, length: number, factor: number): void {
  for (let i = 0; i < length; i++) {
    x[a + i] = (x[a + i] as number) - factor * (x[b + i] as number);
  }
}

function transpose(matrix: Float64Array, rows: number, columns: number): Float64Array {
  const out = new Float64Array(matrix.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) out[j * rows + i] = matrix[i * columns + j] as number;
  }
  return out;
}
