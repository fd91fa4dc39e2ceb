import { formatValue, Tensor, ValueError } from "@chainrule/core";

/**
 * The sum of the sizes of all elements: added to a loss, it drives weights to exactly 0.
 *
 * `λ Σ |w|`
 *
 * Shapes: any number of tensors → [].
 * Units and ranges: `strength` λ ≥ 0, default 1. The gradient is λ sign(w), 0 at 0.
 * Throws: {@link ValueError} for no tensors at all, and other λ.
 * Source: Tibshirani 1996, https://doi.org/10.1111/j.2517-6161.1996.tb02080.x.
 *
 * @example
 * l1Penalty([tensor([1, -2]), tensor([[3]])], 0.5).itemSync() // => 3
 */
export function l1Penalty(parameters: Iterable<Tensor>, strength = 1): Tensor {
  return penalty("l1Penalty", parameters, strength, (w) => w.abs().sum());
}

/**
 * Half the sum of the squares of all elements: added to a loss, it keeps weights small.
 *
 * `λ/2 Σ w²`, the (λ/2)‖W‖² of textbooks
 *
 * Shapes: any number of tensors → [].
 * Units and ranges: `strength` λ ≥ 0, default 1. The gradient is λ w: for SGD the same as its
 * `weightDecay` λ. Usually weights are penalised and biases are not: take the parameters of two axes
 * or more.
 * Throws: {@link ValueError} for no tensors at all, and other λ.
 * Source: Hoerl & Kennard 1970, https://doi.org/10.1080/00401706.1970.10488634.
 *
 * @example
 * const model = new Sequential(new Linear(2, 3), new Tanh(), new Linear(3, 1));
 * const weights = [...model.parameters()].filter((p) => p.ndim > 1);
 * const penalty = l2Penalty(weights, 0.01);
 * l2Penalty([tensor([1, -2]), tensor([[3]])], 0.5).itemSync() // => 3.5
 */
export function l2Penalty(parameters: Iterable<Tensor>, strength = 1): Tensor {
  return penalty("l2Penalty", parameters, strength, (w) => w.square().sum()).mul(0.5);
}

function penalty(
  op: string,
  parameters: Iterable<Tensor>,
  strength: number,
  measure: (parameter: Tensor) => Tensor,
): Tensor {
  if (!(strength >= 0 && Number.isFinite(strength))) {
    throw new ValueError(op, "strength scales the penalty", {
      expected: "a finite number ≥ 0",
      got: formatValue(strength),
    });
  }
  const sums = listOf(op, parameters).map(measure);
  return sums.reduce((sum, each) => sum.add(each)).mul(strength);
}

function listOf(op: string, parameters: Iterable<Tensor>): readonly Tensor[] {
  const iterable = typeof Object(parameters)[Symbol.iterator] === "function";
  const list = iterable ? [...parameters] : [];
  const strangers = iterable ? list.filter((each) => !(each instanceof Tensor)) : [parameters];
  if (list.length > 0 && strangers.length === 0) return list;
  throw new ValueError(op, "penalties are of one tensor or several", {
    expected: "an array of tensors, or model.parameters()",
    got: strangers.length === 0 ? "none" : formatValue(strangers[0]),
    fix:
      strangers.length === 0
        ? "A generator is empty once it was used: call model.parameters() anew."
        : "",
  });
}
