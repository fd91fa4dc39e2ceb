// Losses and penalties against PyTorch: values, gradients of first and second order.

import type { Backend, Tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { bce, bceWithLogits, crossEntropy, l1Penalty, l2Penalty, mse, nll } from "@chainrule/nn";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { toleranceFor } from "../../tolerance.js";
import { ensure } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import {
  compareNamed,
  firstOrder,
  type NamedTensors,
  optionsOn,
  secondOrder,
  tensorOn,
} from "./on-backend.js";
import { described, type LossCase, lossCases, type NamedArrays } from "./stored.js";

type Options = Readonly<Record<string, unknown>>;
type Loss = (inputs: readonly Tensor[], options: Options) => Tensor;

const pair =
  (loss: (input: Tensor, target: Tensor, options: Options) => Tensor): Loss =>
  ([input, target], options) => {
    ensure(input !== undefined && target !== undefined, "a loss has an input and a target");
    return loss(input, target, options);
  };

/** Every loss there is, by name. */
export const losses: Readonly<Record<string, Loss>> = {
  mse: pair(mse),
  bce: pair(bce),
  bceWithLogits: pair(bceWithLogits),
  nll: pair(nll),
  crossEntropy: pair(crossEntropy),
  l1Penalty: (inputs, { strength }) => l1Penalty(inputs, Number(strength)),
  l2Penalty: (inputs, { strength }) => l2Penalty(inputs, Number(strength)),
};

/** The checks of all stored losses. */
export function lossChecks(): Check[] {
  return floatDTypes.flatMap((float) => lossCases.flatMap((stored) => checksOf(stored, float)));
}

function checksOf(stored: LossCase, float: DType): Check[] {
  const { loss, note, options, inputs, second, ieee = false, digits = 0 } = stored;
  const op = `loss ${loss}`;
  const shapes = inputs.map(({ dtype, shape }) => `${dtype} [${shape}]`).join(", ");
  const special = note === undefined ? "" : `, ${note}`;
  const id = `${op} > ${float} > ${described(options)} > of ${shapes}${special}`;
  const check = (title: string, run: (bench: Bench, of: Applied) => Promise<void>): Check =>
    floatCheck(
      4,
      `${id} > ${title}`,
      float,
      (bench) => run(bench, apply(stored, bench.backend, float)),
      { ieee },
    );
  const forward = { op, float, tolerance: toleranceFor("loss", float) };
  const backward = { op, float, digits, tolerance: toleranceFor("layerGradient", float) };
  const values = check("value", (bench, { value }) =>
    compareNamed(bench, forward, { value: stored.value }, { value }),
  );
  const gradients = check("gradients", (bench, { value, variables }) => {
    const expected = named(stored, stored.gradients);
    return compareNamed(bench, backward, expected, firstOrder(value, variables));
  });
  if (second === undefined) return [values, gradients];
  const again = check("second order", (bench, { value, variables }) => {
    const expected = named(stored, second);
    return compareNamed(bench, backward, expected, secondOrder(value, variables));
  });
  return [values, gradients, again];
}

interface Applied {
  readonly value: Tensor;
  /** The inputs that have gradients, by position. */
  readonly variables: NamedTensors;
}

function apply(stored: LossCase, backend: Backend, float: DType): Applied {
  const inputs = stored.inputs.map((input) => tensorOn(backend, input, float));
  const variables = inputs.flatMap((x, i): [string, Tensor][] => {
    x.requiresGrad = stored.gradients[i] !== null;
    return x.requiresGrad ? [[`input ${i}`, x]] : [];
  });
  const loss = losses[stored.loss];
  ensure(loss !== undefined, `there is no loss ${stored.loss}`);
  const value = loss(inputs, optionsOn(backend, stored.options, float));
  return { value, variables: Object.fromEntries(variables) };
}

/** Gradients by position, with the shapes of their inputs. */
function named({ inputs }: LossCase, gradients: LossCase["gradients"]): NamedArrays {
  const arrays = gradients.flatMap((data, i) => {
    const input = inputs[i];
    return data === null || input === undefined ? [] : [[`input ${i}`, { ...input, data }]];
  });
  return Object.fromEntries(arrays);
}
