// Layers and activations against PyTorch: outputs, buffers, gradients of first and second order.

import type { Backend, Tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import type { Module } from "@chainrule/nn";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { toleranceFor } from "../../tolerance.js";
import { floatCheck } from "./float-check.js";
import {
  compareNamed,
  firstOrder,
  loadState,
  makeLayer,
  type NamedTensors,
  secondOrder,
  tensorOn,
} from "./on-backend.js";
import { type LayerCase, layerCases } from "./stored.js";

/** The checks of all stored layers. */
export function layerChecks(): Check[] {
  return floatDTypes.flatMap((float) => layerCases.flatMap((stored) => checksOf(stored, float)));
}

function checksOf(stored: LayerCase, float: DType): Check[] {
  const { layer, args, options, training, x, buffers } = stored;
  const op = `layer ${layer}`;
  const call = [...args, options].map((each) => JSON.stringify(each)).join(", ");
  const id = `${op} > ${float} > ${training ? "train" : "eval"} > (${call}) of [${x.shape}]`;
  const check = (title: string, run: (bench: Bench, of: Applied) => Promise<void>): Check =>
    floatCheck(4, `${id} > ${title}`, float, (bench) =>
      run(bench, apply(stored, bench.backend, float)),
    );
  const forward = { op, float, tolerance: toleranceFor("layer", float) };
  const backward = { op, float, tolerance: toleranceFor("layerGradient", float) };
  const found = [
    check("forward", (bench, { y }) => compareNamed(bench, forward, { y: stored.y }, { y })),
    ...Object.entries(stored.gradients).map(([name, expected]) =>
      check(`gradient of ${name}`, async (bench, { y, variables }) => {
        const gradients = Object.entries(firstOrder(y, variables));
        const own = Object.fromEntries(gradients.filter(([key]) => key === name));
        await compareNamed(bench, backward, { [name]: expected }, own);
      }),
    ),
    check("second order", (bench, { y, variables }) =>
      compareNamed(bench, backward, stored.second, secondOrder(y, variables)),
    ),
  ];
  if (Object.keys(buffers).length === 0) return found;
  return [
    ...found,
    check("buffers", (bench, { module }) =>
      compareNamed(bench, forward, buffers, Object.fromEntries(module.namedBuffers())),
    ),
  ];
}

/** A layer that has computed y; `variables` are x and its parameters. */
interface Applied {
  readonly module: Module;
  readonly y: Tensor;
  readonly variables: NamedTensors;
}

function apply(stored: LayerCase, backend: Backend, float: DType): Applied {
  const module = makeLayer(stored, backend, float);
  loadState(module, stored.state, backend, float);
  for (const batch of stored.batches) module.forward(tensorOn(backend, batch, float));
  module.train(stored.training);
  const x = tensorOn(backend, stored.x, float);
  x.requiresGrad = "x" in stored.gradients;
  const y = module.forward(x);
  const variables = Object.fromEntries(module.namedParameters());
  return { module, y, variables: x.requiresGrad ? { x, ...variables } : variables };
}
