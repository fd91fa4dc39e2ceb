// What a module's tensors are for. Marks are kept beside the tensors, so that a parameter is an
// ordinary tensor everywhere else.

import { ensureTensor, GradientError, type Tensor } from "@chainrule/core";

const roles = new WeakMap<Tensor, "parameter" | "buffer">();

/**
 * Marks `tensor` as something to be trained and has gradients recorded for it; returns it.
 *
 * A module finds its parameters by this mark: a tensor that merely requires a gradient is none.
 *
 * Throws: {@link GradientError} for the result of a recorded operation, which training cannot move.
 *
 * @example
 * class Scale extends Module {
 *   readonly factor: Tensor = parameter(ones([]));
 *   forward(x: Tensor): Tensor {
 *     return x.mul(this.factor);
 *   }
 * }
 * [...new Scale().namedParameters()].map(([name]) => name) // => ["factor"]
 */
export function parameter(tensor: Tensor): Tensor {
  ensureTensor("parameter", tensor);
  if (!tensor.isLeaf) {
    throw new GradientError("parameter", "a parameter must be a leaf of the graph", {
      expected: "a tensor made by tensor(…), an initializer or detach()",
      got: "the result of an operation on a tensor that requires a gradient",
      fix: "Compute it inside noGrad, or pass tensor.detach().",
    });
  }
  tensor.requiresGrad = true;
  roles.set(tensor, "parameter");
  return tensor;
}

/**
 * Marks `tensor` as state that is saved with a module but not trained; returns it.
 *
 * @example
 * isBuffer(buffer(zeros([2]))) // => true
 */
export function buffer(tensor: Tensor): Tensor {
  ensureTensor("buffer", tensor);
  roles.set(tensor, "buffer");
  return tensor;
}

/** Whether `tensor` was marked by {@link parameter}. */
export function isParameter(tensor: Tensor): boolean {
  return roles.get(tensor) === "parameter";
}

/** Whether `tensor` was marked by {@link buffer}. */
export function isBuffer(tensor: Tensor): boolean {
  return roles.get(tensor) === "buffer";
}
