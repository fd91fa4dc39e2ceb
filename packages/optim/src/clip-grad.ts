// Limits for gradients, between backward() and the optimizer's step().
//
// A gradient is replaced by a new tensor, not written into: a tensor that is the gradient of two
// parameters is not scaled twice, and whoever holds the gradient of before still has it.

import { formatValue, noGrad, Tensor, ValueError, zeros } from "@chainrule/core";

/** How {@link clipGradNorm} measures. */
export interface ClipGradNormOptions {
  /** p, > 0; `Infinity` measures by the largest element. Default 2. */
  readonly normType?: number | undefined;
}

/**
 * Shortens the gradients of `parameters`, taken together as one vector, to a length of at most
 * `maxNorm`, and returns the length they had, shape [].
 *
 * `‖g‖ = (Σ |gᵢ|ᵖ)^(1/p)`, `g ← g · min(1, maxNorm / (‖g‖ + 10⁻⁶))`
 *
 * Nothing is read from the device: await the result where it is to be looked at. Parameters without a
 * gradient are left out; when none has one, the length is 0. A length that is not finite is not
 * refused: an infinite one makes finite elements 0 and infinite ones NaN, NaN makes all NaN, as in
 * PyTorch.
 *
 * Units and ranges: maxNorm ≥ 0; `Infinity` only measures.
 * Throws: {@link ValueError} for values out of range, or what is no list of tensors; BackendError for
 * parameters of several backends.
 * Source: Pascanu, Mikolov & Bengio 2013, https://arxiv.org/abs/1211.5063, algorithm 1, in PyTorch's
 * form.
 *
 * @example
 * const x = tensor([3, 4], { requiresGrad: true });
 * x.square().sum().backward();
 * clipGradNorm([x], 1) // => 10
 * x.grad // => [0.6, 0.8]
 */
export function clipGradNorm(
  parameters: Iterable<Tensor>,
  maxNorm: number,
  options: ClipGradNormOptions = {},
): Tensor {
  const { normType = 2 } = options;
  ensureAtLeastZero("clipGradNorm", "maxNorm", maxNorm);
  if (!(typeof normType === "number" && normType > 0)) {
    throw new ValueError("clipGradNorm", "normType is the exponent of a norm", {
      expected: "a number > 0, or Infinity",
      got: formatValue(normType),
    });
  }
  const trained = listOf("clipGradNorm", parameters);
  return noGrad(() => {
    const norm = normOf(gradientsOf(trained), normType);
    if (norm === undefined) return zeros([], { backend: trained[0]?.backend });
    if (maxNorm === Number.POSITIVE_INFINITY) return norm;
    const factor = norm.add(1e-6).reciprocal().mul(maxNorm).minimum(1);
    replaceGradients(trained, (grad) => grad.mul(factor.astype(grad.dtype)));
    return norm;
  });
}

/**
 * Limits every element of the gradients of `parameters` to the interval ±`clipValue`.
 *
 * `gᵢ ← min(max(gᵢ, -clipValue), clipValue)`
 *
 * The direction of the gradient changes; `clipGradNorm` keeps it. Parameters without a gradient are
 * left out, NaN stays NaN.
 *
 * Units and ranges: clipValue ≥ 0.
 * Throws: {@link ValueError} for values out of range, or what is no list of tensors.
 *
 * @example
 * const x = tensor([3, -0.25], { requiresGrad: true });
 * x.square().sum().backward();
 * clipGradValue([x], 1);
 * x.grad // => [1, -0.5]
 */
export function clipGradValue(parameters: Iterable<Tensor>, clipValue: number): void {
  ensureAtLeastZero("clipGradValue", "clipValue", clipValue);
  const trained = listOf("clipGradValue", parameters);
  noGrad(() => replaceGradients(trained, (grad) => grad.clip(-clipValue, clipValue)));
}

/** The p-norm of all elements together, undefined when there are none. */
function normOf(gradients: readonly Tensor[], p: number): Tensor | undefined {
  const filled = gradients.filter(({ size }) => size > 0);
  if (filled.length === 0) return undefined;
  if (p === Number.POSITIVE_INFINITY) {
    return filled.map((grad): Tensor => grad.abs().max()).reduce((a, b) => a.maximum(b));
  }
  const power = (grad: Tensor): Tensor => (p === 2 ? grad.square() : grad.abs().pow(p));
  const sum = filled.map((grad): Tensor => power(grad).sum()).reduce((a, b) => a.add(b));
  return p === 2 ? sum.sqrt() : sum.pow(1 / p);
}

function gradientsOf(parameters: readonly Tensor[]): Tensor[] {
  return parameters.flatMap(({ grad }) => (grad === null ? [] : [grad]));
}

function replaceGradients(parameters: readonly Tensor[], limit: (grad: Tensor) => Tensor): void {
  for (const param of parameters) if (param.grad !== null) param.grad = limit(param.grad);
}

/** Each of `parameters` once. */
function listOf(op: string, parameters: Iterable<Tensor>): readonly Tensor[] {
  if (parameters instanceof Tensor || typeof parameters?.[Symbol.iterator] !== "function") {
    throw listError(op, parameters);
  }
  const list = [...new Set(parameters)];
  for (const item of list) if (!(item instanceof Tensor)) throw listError(op, item);
  return list;
}

function listError(op: string, got: unknown): ValueError {
  return new ValueError(op, "parameters are given as a list", {
    expected: "an iterable of tensors",
    got: formatValue(got),
    fix: "Pass model.parameters(), or [tensor] for a single one.",
  });
}

function ensureAtLeastZero(op: string, name: string, value: number): void {
  if (typeof value === "number" && value >= 0) return;
  throw new ValueError(op, `${name} is a limit`, {
    expected: "a number ≥ 0",
    got: formatValue(value),
  });
}
