// Losses and penalties against PyTorch: values, gradients of first and second order.

import type { Tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { bce, bceWithLogits, crossEntropy, l1Penalty, l2Penalty, mse, nll } from "@chainrule/nn";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import type { EncodedArray } from "../../fixtures.js";
import { toleranceFor } from "../../tolerance.js";
import { ensure } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import {
  type Closeness,
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
  const check = (
    title: string,
    closeness: Closeness,
    expected: NamedArrays,
    results: (of: Applied) => NamedTensors,
  ): Check => {
    const run = (bench: Bench): Promise<void> =>
      compareNamed(bench, closeness, expected, apply(stored, bench, float, results));
    return floatCheck(4, `${id} > ${title}`, float, run, { ieee, compiles: true });
  };
  const forward = { op, float, tolerance: toleranceFor("loss", float) };
  const backward = { op, float, digits, tolerance: toleranceFor("layerGradient", float) };
  const values = check("value", forward, { value: stored.value }, ({ value }) => ({
    value: value.detach(),
  }));
  const gradients = check(
    "gradients",
    backward,
    named(stored, stored.gradients),
    ({ value, variables }) => firstOrder(value, variables),
  );
  if (second === undefined) return [values, gradients];
  const again = check("second order", backward, named(stored, second), ({ value, variables }) =>
    secondOrder(value, variables),
  );
  return [values, gradients, again];
}

interface Applied {
  readonly value: Tensor;
  /** The inputs that have gradients, by position. */
  readonly variables: NamedTensors;
}

function apply(
  stored: LossCase,
  { backend, prepared }: Bench,
  float: DType,
  results: (of: Applied) => NamedTensors,
): NamedTensors {
  const loss = losses[stored.loss];
  ensure(loss !== undefined, `there is no loss ${stored.loss}`);
  const options = optionsOn(backend, stored.options, float);
  const made = (inputs: readonly EncodedArray[]): Tensor[] =>
    inputs.map((input, i) => {
      const x = tensorOn(backend, input, float);
      x.requiresGrad = stored.gradients[i] !== null;
      return x;
    });
  const run = prepared(
    (...inputs: Tensor[]) => {
      const variables = inputs.flatMap((x, i) => (x.requiresGrad ? [[`input ${i}`, x]] : []));
      return results({ value: loss(inputs, options), variables: Object.fromEntries(variables) });
    },
    () => made(stored.inputs.map((input) => ({ ...input, data: input.data.toReversed() }))),
  );
  return run(...made(stored.inputs));
}

/** Gradients by position, with the shapes of their inputs. */
function named({ inputs }: LossCase, gradients: LossCase["gradients"]): NamedArrays {
  const arrays = gradients.flatMap((data, i) => {
    const input = inputs[i];
    return data === null || input === undefined ? [] : [[`input ${i}`, { ...input, data }]];
  });
  return Object.fromEntries(arrays);
}
