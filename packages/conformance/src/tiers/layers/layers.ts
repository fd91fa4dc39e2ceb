// Layers and activations against PyTorch: outputs, buffers, gradients of first and second order.

import type { Tensor } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import type { Module } from "@chainrule/nn";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import type { EncodedArray } from "../../fixtures.js";
import { toleranceFor } from "../../tolerance.js";
import { floatCheck } from "./float-check.js";
import {
  type Closeness,
  compareNamed,
  firstOrder,
  loadState,
  makeLayer,
  type NamedTensors,
  secondOrder,
  tensorOn,
} from "./on-backend.js";
import { type LayerCase, layerCases, type NamedArrays } from "./stored.js";

/** The checks of all stored layers. */
export function layerChecks(): Check[] {
  return floatDTypes.flatMap((float) => layerCases.flatMap((stored) => checksOf(stored, float)));
}

function checksOf(stored: LayerCase, float: DType): Check[] {
  const { layer, args, options, training, x, buffers } = stored;
  const op = `layer ${layer}`;
  const call = [...args, options].map((each) => JSON.stringify(each)).join(", ");
  const id = `${op} > ${float} > ${training ? "train" : "eval"} > (${call}) of [${x.shape}]`;
  const forward = { op, float, tolerance: toleranceFor("layer", float) };
  const backward = { op, float, tolerance: toleranceFor("layerGradient", float) };
  const check = (
    title: string,
    closeness: Closeness,
    expected: NamedArrays,
    results: (of: Applied) => NamedTensors,
  ): Check => {
    const run = async (bench: Bench): Promise<void> =>
      compareNamed(bench, closeness, expected, apply(stored, bench, float, results));
    return floatCheck(4, `${id} > ${title}`, float, run, { compiles: true });
  };
  const found = [
    check("forward", forward, { y: stored.y }, ({ y }) => ({ y: y.detach() })),
    ...Object.entries(stored.gradients).map(([name, expected]) =>
      check(`gradient of ${name}`, backward, { [name]: expected }, ({ y, variables }) => {
        const gradients = Object.entries(firstOrder(y, variables));
        return Object.fromEntries(gradients.filter(([key]) => key === name));
      }),
    ),
    check("second order", backward, stored.second, ({ y, variables }) => secondOrder(y, variables)),
  ];
  if (Object.keys(buffers).length === 0) return found;
  return [
    ...found,
    check("buffers", forward, buffers, ({ module }) => Object.fromEntries(module.namedBuffers())),
  ];
}

/** A layer that has computed y; `variables` are x and its parameters. */
interface Applied {
  readonly module: Module;
  readonly y: Tensor;
  readonly variables: NamedTensors;
}

function apply(
  stored: LayerCase,
  bench: Bench,
  float: DType,
  results: (of: Applied) => NamedTensors,
): NamedTensors {
  const { backend } = bench;
  const module = makeLayer(stored, backend, float);
  const variable = (array: EncodedArray): Tensor => {
    const x = tensorOn(backend, array, float);
    x.requiresGrad = "x" in stored.gradients;
    return x;
  };
  module.train(stored.training);
  // What it is prepared on is another input, with the parameters that the layer begins with.
  const run = bench.prepared(
    (x: Tensor) => {
      const parameters = Object.fromEntries(module.namedParameters());
      const variables = x.requiresGrad ? { x, ...parameters } : parameters;
      return results({ module, y: module.forward(x), variables });
    },
    () => [variable({ ...stored.x, data: stored.x.data.toReversed() })],
  );
  loadState(module, stored.state, backend, float);
  module.train();
  for (const batch of stored.batches) module.forward(tensorOn(backend, batch, float));
  module.train(stored.training);
  return run(variable(stored.x));
}
