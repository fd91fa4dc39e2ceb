// Operations with a derivative of the user's own, as an object with forward and backward.

import { specOf } from "../engine/specs.js";
import { formatValue, GradientError, ValueError } from "../errors.js";
import { noAttrs, type Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { ensureSynchronous, isGradEnabled, noGrad } from "./grad-mode.js";
import { Node } from "./node.js";

/**
 * An operation as an object: `forward` computes and keeps on `this` what `backward` needs;
 * `backward` turns the gradient of the result into those of the operands, in their order, `null`
 * for one that has none.
 */
export interface CustomOp<A extends readonly Tensor[]> {
  forward(...inputs: A): Tensor;
  backward(gradient: Tensor): readonly (Tensor | null)[] | Tensor;
}

/**
 * Makes a differentiable function of an object with `forward` and `backward`.
 *
 * Each call works on an object of its own that inherits from `op`, so calls do not disturb each
 * other. `forward` runs unrecorded. Written with operations, `backward` can itself be
 * differentiated. Throws: GradientError when `backward` returns another number of gradients.
 *
 * @example
 * const multiply = customGrad({
 *   forward(x: Tensor, y: Tensor) {
 *     Object.assign(this, { x, y });
 *     return x.mul(y);
 *   },
 *   backward(dz: Tensor) {
 *     const { x, y } = this as unknown as { x: Tensor; y: Tensor };
 *     return [dz.mul(y), dz.mul(x)]; // upstream · local
 *   },
 * });
 * grad(multiply)(tensor(3), tensor(4)) // => 4
 */
export function customGrad<A extends readonly Tensor[]>(op: CustomOp<A>): (...inputs: A) => Tensor {
  if (typeof op?.forward !== "function" || typeof op.backward !== "function") {
    throw new ValueError("customGrad", "an operation has forward and backward", {
      expected: "an object with both methods",
      got: formatValue(op),
    });
  }
  return (...inputs) => {
    const call: CustomOp<A> = Object.create(op);
    const computed = noGrad(() => ensureSynchronous("customGrad", call.forward(...inputs)));
    if (!isGradEnabled() || !inputs.some((x) => x.requiresGrad)) return computed;
    const output = computed.detach();
    output.node = new Node(
      customPrimitive(call, inputs.length) as unknown as Primitive<never>,
      noAttrs,
      inputs.map((x) => (x.requiresGrad ? (x.node ?? x) : null)),
      inputs.map(specOf),
      inputs,
      output,
    );
    return output;
  };
}

/** A primitive for one call: its derivative asks the object once for all operands. */
function customPrimitive<A extends readonly Tensor[]>(call: CustomOp<A>, count: number): Primitive {
  let upstream: Tensor | undefined;
  let recorded = false;
  let gradients: readonly (Tensor | null)[] = [];
  const missing = (): never => {
    throw new ValueError("customGrad", "a custom operation has no kernel", {
      expected: "its forward function to run it",
      got: "a lowering",
    });
  };
  return {
    id: -1,
    name: "customGrad",
    infer: missing,
    lower: missing,
    batch: missing,
    saves: "nothing",
    vjp: (gradient, { index }) => {
      if (upstream !== gradient || recorded !== isGradEnabled()) {
        upstream = gradient;
        recorded = isGradEnabled();
        gradients = checkGradients(call.backward(gradient), count);
      }
      return gradients[index] ?? null;
    },
  };
}

function checkGradients(
  returned: readonly (Tensor | null)[] | Tensor,
  count: number,
): readonly (Tensor | null)[] {
  const gradients = Array.isArray(returned) ? returned : [returned as Tensor];
  if (gradients.length === count) return gradients;
  throw new GradientError("customGrad", "backward returns one gradient per operand", {
    expected: `${count} gradients`,
    got: `${gradients.length}`,
    fix: "Return null for an operand that has none.",
  });
}
