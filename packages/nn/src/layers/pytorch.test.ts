// Outputs, gradients, second derivatives and buffers of layers against PyTorch in float64; numbers and
// what they mean: tooling/fixtures/layers.py. The tolerance is 1e-12 of each number, or of 1 below 1.

import { setBackend, type Tensor, tensor, zerosLike } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, expect, it } from "vitest";
import fixture from "../fixtures/layers.json" with { type: "json" };
import * as nn from "../index.js";
import { expectClose, type Numbers } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

interface Case {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly options?: Readonly<Record<string, unknown>>;
  readonly state: Readonly<Record<string, Numbers>>;
  readonly batches?: readonly Numbers[];
  readonly training: boolean;
  readonly x: Numbers;
  readonly y: Numbers;
  readonly gradients: Readonly<Record<string, Numbers>>;
  readonly second: Readonly<Record<string, Numbers>>;
  readonly buffers: Readonly<Record<string, Numbers>>;
}

const cases = fixture.cases as unknown as readonly Case[];
const dtype = "float64";
const classes: Readonly<Record<string, unknown>> = nn;

function make({ layer, args, options, state }: Case): nn.Module {
  const Layer = classes[layer] as new (...args: unknown[]) => nn.Module;
  const made = new Layer(...args, { ...options, dtype });
  made.loadStateDict(
    Object.fromEntries(
      Object.entries(state).map(([name, data]) => [name, tensor(data, { dtype })]),
    ),
  );
  return made;
}

/** The sum of all elements times the weights of the script. */
function weigh(x: Tensor): Tensor {
  const weights = Array.from({ length: x.size }, (_, i) => 0.5 + ((7 * i) % 11) / 11);
  return x.mul(tensor(weights, { shape: x.shape, dtype })).sum();
}

/** The gradients of `value`, recorded for the next ones. */
function slopes(value: Tensor, variables: readonly Tensor[]): Tensor[] {
  for (const variable of variables) variable.grad = null;
  if (value.requiresGrad) value.backward({ createGraph: true });
  return variables.map((variable) => variable.grad ?? zerosLike(variable));
}

function expectAll(actual: readonly Tensor[], expected: Readonly<Record<string, Numbers>>): void {
  expect(actual.length).toBe(Object.keys(expected).length);
  Object.values(expected).forEach((numbers, i) => {
    expectClose(actual[i] ?? null, numbers, 1e-12);
  });
}

function title({ layer, args, options = {}, training }: Case): string {
  const mode = training ? "" : " in evaluation mode";
  return `${layer}(${JSON.stringify([...args, options]).slice(1, -1)})${mode}`;
}

it.each(cases.map((each) => [title(each), each] as const))("%s", (_, each) => {
  const layer = make(each);
  for (const batch of each.batches ?? []) layer.forward(tensor(batch, { dtype }));
  layer.train(each.training);
  const indices = each.layer === "Embedding";
  const x = tensor(each.x, indices ? { dtype: "int32" } : { dtype, requiresGrad: true });
  const y = layer.forward(x);
  expectAll([y], { y: each.y });
  const variables = [...(indices ? [] : [x]), ...layer.parameters()];
  const first = slopes(weigh(y), variables);
  expectAll(first, each.gradients);
  const sum = first.map(weigh).reduce((total, one) => total.add(one));
  expectAll(slopes(sum, variables), each.second);
  expectAll([...layer.buffers()], each.buffers);
});
