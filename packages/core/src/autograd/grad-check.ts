// Checks derivatives against finite differences, for users' own operations and for our tests.

import { fromArray } from "../engine/fill.js";
import { GradientError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { gradientsOf } from "./grad.js";
import { enableGrad, noGrad } from "./grad-mode.js";

/** Step and tolerances of {@link gradCheck}. */
export interface GradCheckOptions {
  /** The finite step; 1e-6 suits float64. */
  readonly step?: number;
  /** Allowed difference: `absolute + relative · |finite difference|`. */
  readonly absolute?: number;
  readonly relative?: number;
  /** Also check the gradient of the gradient. Default false. */
  readonly secondOrder?: boolean;
}

/**
 * Compares the gradients of `fn` with central differences `(f(x + h) - f(x - h)) / 2h`, for every
 * element of every input; returns true or throws.
 *
 * Inputs should be float64 and away from kinks. A result of several elements is weighed with fixed
 * numbers first. Throws: GradientError naming the input, the element and both numbers; DTypeError on
 * a backend without float64.
 *
 * @example
 * await gradCheck((x) => x.tanh(), [tensor([0.3, -2], { dtype: "float64" })]) // => true
 */
export async function gradCheck(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradCheckOptions = {},
): Promise<true> {
  await compare(fn, inputs, options, false);
  if (options.secondOrder !== true) return true;
  const slope = (...xs: Tensor[]): Tensor => {
    const value = weigh(fn(...xs));
    const parts = gradientsOf(value, xs, { createGraph: true });
    return parts.map(weigh).reduce((a, b) => a.add(b));
  };
  await compare(slope, inputs, options, true);
  return true;
}

async function compare(
  fn: (...inputs: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  options: GradCheckOptions,
  mayBeConstant: boolean,
): Promise<void> {
  const h = options.step ?? 1e-6;
  const absolute = options.absolute ?? 1e-6;
  const relative = options.relative ?? 1e-4;
  const variables = inputs.map(asVariable);
  const value = enableGrad(() => weigh(fn(...variables)));
  // The gradient of a linear function is a constant, which has no graph.
  const constant = mayBeConstant && !value.requiresGrad;
  const gradients = constant ? variables.map((x) => x.mul(0)) : gradientsOf(value, variables);
  for (const [i, input] of inputs.entries()) {
    const analytic = await (gradients[i] as Tensor).data();
    const center = await input.data();
    for (let element = 0; element < center.length; element++) {
      const at = async (offset: number): Promise<number> => {
        const moved = center.slice();
        moved[element] = (center[element] ?? 0) + offset;
        const changed = inputs.map((x, j) =>
          asVariable(i === j ? fromArray(x.storage.device, moved, x.dtype, x.shape) : x),
        );
        return Number(await enableGrad(() => weigh(fn(...changed))).item());
      };
      const numeric = ((await at(h)) - (await at(-h))) / (2 * h);
      const got = analytic[element] ?? Number.NaN;
      const close = Math.abs(got - numeric) <= absolute + relative * Math.abs(numeric);
      if (close) continue;
      throw new GradientError("gradCheck", "the gradient must agree with finite differences", {
        expected: `about ${numeric} for element ${element} of input ${i}`,
        got: `${got}`,
        fix: "Check the derivative, or step and tolerance if the function is steep here.",
      });
    }
  }
}

function asVariable(x: Tensor): Tensor {
  const variable = noGrad(() => x.detach().copy());
  variable.requiresGrad = true;
  return variable;
}

/** One number of a result: its elements weighed with fixed, unequal weights. */
function weigh(result: Tensor): Tensor {
  result.storage.device.ensureSupports("gradCheck", "float64");
  const weights = Float64Array.from({ length: result.size }, (_, i) => 0.5 + ((i * 7) % 11) / 11);
  const tensor = fromArray(result.storage.device, weights, "float64", result.shape);
  return result.astype("float64").mul(tensor).sum();
}
