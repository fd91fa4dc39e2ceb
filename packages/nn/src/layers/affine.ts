// The affine map of layers that connect every input to every output.

import { ensureTensor, formatShape, ShapeError, type Tensor } from "@chainrule/core";

/**
 * `x Wᵀ + b` for the layer `op`: x [..., in], W [out, in], b [out] → [..., out].
 *
 * Throws: {@link ShapeError} when the last axis of `x` does not hold the inputs.
 */
export function affine(op: string, x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  ensureTensor(op, x);
  const { shape } = x;
  const [outputs = 0, inputs = 0] = weight.shape;
  if (shape[shape.length - 1] !== inputs) throw lastAxisError(op, shape, inputs);
  if (shape.length <= 2) return product(x, weight, bias);
  // One product of two matrices: the weight need not be broadcast over the leading axes.
  const rows = shape.slice(0, -1).reduce((count, extent) => count * extent, 1);
  const y = product(x.reshape([rows, inputs]), weight, bias);
  return y.reshape([...shape.slice(0, -1), outputs]);
}

function product(x: Tensor, weight: Tensor, bias: Tensor | null): Tensor {
  const y = x.matmul(weight.T);
  return bias === null ? y : y.add(bias);
}

function lastAxisError(op: string, shape: readonly number[], inputs: number): ShapeError {
  const features = shape[shape.length - 1];
  const flattens = shape.length > 2 && shape.slice(1).reduce((p, n) => p * n, 1) === inputs;
  return new ShapeError(op, "the last axis must hold the input features", {
    expected: `[..., ${inputs}]`,
    got: formatShape(shape),
    fix: flattens
      ? "Put a Flatten() before this layer."
      : `Make the layer with inFeatures ${features ?? "of the input"}, or reshape the input.`,
  });
}
