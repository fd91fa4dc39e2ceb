// Stored arrays and layers on the backend under test, and the way back.

import { type Backend, type Tensor, zerosLike } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import * as nn from "@chainrule/nn";
import { arranged } from "../../arrange.js";
import type { Bench } from "../../check.js";
import { type EncodedArray, hostArrayOf } from "../../fixtures.js";
import type { Tolerance } from "../../tolerance.js";
import { weigh } from "../../torch-checks.js";
import { dtypeIn } from "../../values.js";
import { ensure, verifyResult } from "../../verify.js";
import { isArray, type NamedArrays, type StoredLayer, type StoredOptions } from "./stored.js";

/** Tensors by the name of a parameter, a buffer or an input. */
export type NamedTensors = Readonly<Record<string, Tensor>>;

/** The array on a backend; its floats in `float`. */
export function tensorOn(backend: Backend, stored: EncodedArray, float: DType): Tensor {
  const array = hostArrayOf(stored);
  return arranged(backend, array.data, array.shape, dtypeIn(array, float), "row-major");
}

/** Options with their arrays made tensors. */
export function optionsOn(
  backend: Backend,
  options: StoredOptions,
  float: DType,
): Record<string, unknown> {
  const made = Object.entries(options).map(([name, value]) => [
    name,
    isArray(value) ? tensorOn(backend, value, float) : value,
  ]);
  return Object.fromEntries(made);
}

/** The layer, its tensors on `backend`. */
export function makeLayer(stored: StoredLayer, backend: Backend, dtype: DType): nn.Module {
  const { layer, args, options } = stored;
  // Layers without parameters ignore where these live.
  return construct<nn.Module>(nn, layer, ...args, { ...options, backend, dtype });
}

/** An instance of the class that is exported as `name`. */
export function construct<T>(exports: object, name: string, ...args: readonly unknown[]): T {
  const found = (exports as Readonly<Record<string, unknown>>)[name];
  ensure(typeof found === "function", `there is no ${name}`);
  return Reflect.construct(found, args) as T;
}

/** Writes a stored state into a module. */
export function loadState(
  module: nn.AnyModule,
  state: NamedArrays,
  backend: Backend,
  float: DType,
): void {
  const tensors = Object.entries(state).map(([name, array]) => [
    name,
    tensorOn(backend, array, float),
  ]);
  module.loadStateDict(Object.fromEntries(tensors));
}

/** The gradients of the weighed sum of `y`. */
export function firstOrder(y: Tensor, variables: NamedTensors): NamedTensors {
  return detached(slopes(weigh(y), variables));
}

/** The gradients of the weighed sums of all that {@link firstOrder} gives. */
export function secondOrder(y: Tensor, variables: NamedTensors): NamedTensors {
  const first = Object.values(slopes(weigh(y), variables));
  const slope = first.map(weigh).reduce((sum, each) => sum.add(each));
  return detached(slopes(slope, variables));
}

function detached(tensors: NamedTensors): NamedTensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, x]) => [name, x.detach()]));
}

/** The gradients of `value`, recorded for the next ones; zeros where it does not depend on one. */
function slopes(value: Tensor, variables: NamedTensors): NamedTensors {
  for (const variable of Object.values(variables)) variable.grad = null;
  if (value.requiresGrad) value.backward({ createGraph: true });
  const gradients = Object.entries(variables).map(([name, variable]) => [
    name,
    variable.grad ?? zerosLike(variable),
  ]);
  return Object.fromEntries(gradients);
}

/** How arrays are compared: for whom, in which float dtype, how closely. */
export interface Closeness {
  readonly op: string;
  readonly float: DType;
  readonly tolerance: Tolerance;
  /** How exact expected floats are, relative to themselves; default: fully. */
  readonly digits?: number;
}

/** Throws unless there are tensors of the names expected, with the shapes, dtypes and elements. */
export async function compareNamed(
  bench: Bench,
  closeness: Closeness,
  expected: NamedArrays,
  got: NamedTensors,
): Promise<void> {
  const names = Object.keys(expected);
  ensure(
    names.join() === Object.keys(got).join(),
    `expected ${names.join()}, got ${Object.keys(got).join()}`,
  );
  for (const [name, tensor] of Object.entries(got)) {
    const stored = expected[name];
    if (stored === undefined) continue;
    try {
      await verifyResult(bench, { ...closeness, expected: hostArrayOf(stored) }, tensor);
    } catch (error) {
      throw new Error(`${name}: ${error instanceof Error ? error.message : error}`);
    }
  }
}
