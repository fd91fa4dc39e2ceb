import {
  arange,
  DTypeError,
  ensureTensor,
  type Tensor,
  take,
  ValueError,
  where,
} from "@chainrule/core";
import { type Initializer, normal } from "@chainrule/init";
import { isIndexDType } from "../losses/class-axis.js";
import { Module } from "../module.js";
import { ensureCounts } from "./sizes.js";
import { type ParameterInit, type ParameterOptions, startParameter } from "./weights.js";

/** How an {@link Embedding} is made. */
export interface EmbeddingOptions extends ParameterOptions {
  /**
   * The index that stands for nothing: its row starts at zeros and gets no gradient. Counts from the
   * end when negative.
   */
  readonly paddingIdx?: number | null | undefined;
  /** What the weight starts with, the row of `paddingIdx` included; default: N(0, 1), as PyTorch. */
  readonly weightInit?: ParameterInit | undefined;
}

/**
 * A table of learned vectors: gives for every index its row, e.g. for every word its meaning.
 *
 * `y[...] = weight[indices[...]]`
 *
 * Shapes: indices, int32 or uint8, [...] → [..., embeddingDim]; `weight`
 * [numEmbeddings, embeddingDim]. A row used several times collects the gradients of all its uses.
 * Units and ranges: indices 0 … numEmbeddings - 1; outside of them the result is NaN (no value is read
 * back to check it).
 * Throws: {@link DTypeError} for indices of another dtype; {@link ValueError} for counts that are none
 * and a `paddingIdx` outside the table.
 * Source: Bengio et al. 2003, https://www.jmlr.org/papers/v3/bengio03a.html.
 *
 * @example
 * const table = new Embedding(10, 3);
 * table.forward(tensor([[1, 2, 1, 9]], { dtype: "int32" })).shape // => [1, 4, 3]
 */
export class Embedding extends Module {
  readonly numEmbeddings: number;
  readonly embeddingDim: number;
  /** Counted from 0; null when there is none. */
  readonly paddingIdx: number | null;
  readonly weight: Tensor;

  constructor(numEmbeddings: number, embeddingDim: number, options: EmbeddingOptions = {}) {
    super();
    ensureCounts("Embedding", { numEmbeddings, embeddingDim }, 1);
    this.numEmbeddings = numEmbeddings;
    this.embeddingDim = embeddingDim;
    this.paddingIdx = resolvePadding(options.paddingIdx ?? null, numEmbeddings);
    const { dtype, backend, generator, weightInit = withZeros(this.paddingIdx) } = options;
    const shape = [numEmbeddings, embeddingDim];
    const init = { dtype, backend, generator };
    this.weight = startParameter("Embedding", "weight", weightInit, shape, init);
  }

  forward(indices: Tensor): Tensor {
    ensureIndices(indices);
    const rows = take(this.weight, indices);
    if (this.paddingIdx === null) return rows;
    // The same rows twice, the second time as constants: no gradient passes there.
    const isPadding = indices.equal(this.paddingIdx).expandDims(-1);
    return where(isPadding, rows.detach(), rows);
  }
}

function ensureIndices(indices: Tensor): void {
  ensureTensor("Embedding", indices);
  if (isIndexDType(indices)) return;
  throw new DTypeError("Embedding", "indices must be whole numbers", {
    expected: "an int32 or uint8 tensor",
    got: indices.dtype,
    fix: 'Make it with { dtype: "int32" }, or convert with astype("int32").',
  });
}

/** N(0, 1), but zeros in row `padding`. */
function withZeros(padding: number | null): Initializer {
  return (shape, options) => {
    const weight = normal(shape, options);
    if (padding === null) return weight;
    const rows = arange(shape[0] ?? 0, { backend: weight.backend });
    return where(rows.equal(padding).expandDims(-1), 0, weight);
  };
}

function resolvePadding(index: number | null, count: number): number | null {
  if (index === null) return null;
  const resolved = index < 0 ? index + count : index;
  if (Number.isInteger(resolved) && resolved >= 0 && resolved < count) return resolved;
  throw new ValueError("Embedding", "paddingIdx must be an index of the table", {
    expected: `a whole number from ${-count} to ${count - 1}, or null`,
    got: String(index),
  });
}
