import { type Backend, type Tensor, tensor } from "@chainrule/core";

/** The four rows of a truth table. */
export interface TruthTable {
  /** The inputs 00, 01, 10, 11: float32 [4, 2]. */
  readonly x: Tensor;
  /** The outputs, 0 or 1: float32 [4, 1]. */
  readonly y: Tensor;
}

/**
 * Makes the four rows of exclusive or: 1 where the inputs differ. No single neuron represents it.
 *
 * @example
 * xor().y.arraySync() // => [[0], [1], [1], [0]]
 */
export function xor(options: { backend?: Backend | undefined } = {}): TruthTable {
  return truthTable([0, 1, 1, 0], options.backend);
}

/**
 * Makes the four rows of exclusive nor: 1 where the inputs agree.
 *
 * @example
 * xnor().y.arraySync() // => [[1], [0], [0], [1]]
 */
export function xnor(options: { backend?: Backend | undefined } = {}): TruthTable {
  return truthTable([1, 0, 0, 1], options.backend);
}

function truthTable(outputs: readonly number[], backend: Backend | undefined): TruthTable {
  return {
    x: tensor(Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), { shape: [4, 2], backend }),
    y: tensor(Float32Array.from(outputs), { shape: [4, 1], backend }),
  };
}
