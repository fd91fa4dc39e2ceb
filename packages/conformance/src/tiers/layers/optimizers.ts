// Optimizers against PyTorch: where they move a parameter whose gradients are given.

import { type Tensor, tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import * as optim from "@chainrule/optim";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { numbers } from "../../fixtures.js";
import { toleranceFor } from "../../tolerance.js";
import { storedAs } from "../../values.js";
import { compareElements } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import { construct } from "./on-backend.js";
import { described, type OptimizerCase, optimizerCases, type StoredOptions } from "./stored.js";

/** An optimizer by name. */
export function makeOptimizer(
  name: string,
  params: Iterable<Tensor>,
  options: StoredOptions,
): optim.AnyOptimizer {
  return construct(optim, name, params, options);
}

/** The checks of all stored paths. */
export function optimizerChecks(): Check[] {
  return floatDTypes.flatMap((float) => optimizerCases.map((stored) => checkOf(stored, float)));
}

function checkOf(stored: OptimizerCase, float: DType): Check {
  const { optimizer: name, options, start, gradients, path } = stored;
  const op = `optimizer ${name}`;
  const run = async (bench: Bench): Promise<void> => {
    const { backend } = bench;
    const on = (data: OptimizerCase["start"]): Tensor =>
      tensor(storedAs(numbers(data), float), { dtype: float, backend });
    const param = on(start);
    param.requiresGrad = true;
    const optimizer = makeOptimizer(name, [param], options);
    const tolerance = toleranceFor("optimizer", float);
    const update = bench.prepared(() => optimizer.step());
    for (const [step, gradient] of gradients.entries()) {
      param.grad = on(gradient);
      update();
      try {
        const expected = numbers(path[step] ?? []);
        compareElements(bench, { op, tolerance }, await param.data(), expected, float);
      } catch (error) {
        throw new Error(`step ${step + 1}: ${error instanceof Error ? error.message : error}`);
      }
    }
  };
  const id = `${op} > ${float} > ${described(options)} > ${gradients.length} steps`;
  return floatCheck(4, id, float, run, { compiles: true });
}
