// Saving and loading what an optimizer has learnt of its parameters. Loading checks everything
// first, so that a refused state leaves the optimizer as it was.

import {
  assign,
  BackendError,
  formatValue,
  noGrad,
  ShapeError,
  type Tensor,
  ValueError,
} from "@chainrule/core";
import type { ParamGroup, State } from "./param-group.js";
import { ensureLearningRate } from "./settings.js";

/** What an optimizer needs to continue as if it had not been interrupted; laid out as PyTorch's. */
export interface OptimizerState<Settings extends object> {
  readonly paramGroups: readonly GroupState<Settings>[];
  /** Tensors by name, for each parameter by its position among all parameters. */
  readonly state: Readonly<Record<number, State>>;
}

/** The settings of a group, and the positions of its parameters among all parameters. */
export interface GroupState<Settings extends object> {
  readonly params: readonly number[];
  readonly lr: number;
  readonly settings: Settings;
}

type Groups<Settings extends object, S extends State> = readonly ParamGroup<Settings, S>[];

/** The state of `groups`; the tensors are those in use. */
export function saveOptimizerState<Settings extends object, S extends State>(
  groups: Groups<Settings, S>,
): OptimizerState<Settings> {
  const state: Record<number, State> = {};
  let position = 0;
  const paramGroups = groups.map(({ slots, lr, settings }) => {
    const params = slots.map((slot) => {
      state[position] = { ...slot.state };
      return position++;
    });
    return { params, lr, settings: { ...settings } };
  });
  return { paramGroups, state };
}

/** Writes `saved` into `groups`. */
export function loadOptimizerState<Settings extends object, S extends State>(
  groups: Groups<Settings, S>,
  saved: OptimizerState<Settings>,
  ensureValid: (settings: Settings) => void,
): void {
  const sizes = (list: readonly { readonly params: readonly unknown[] }[]): string =>
    list.map(({ params }) => params.length).join(" + ");
  if (!Array.isArray(saved?.paramGroups) || typeof saved.state !== "object") {
    throw stateError("what stateDict() of an optimizer returns", formatValue(saved));
  }
  if (sizes(groups) !== sizes(saved.paramGroups)) {
    throw stateError(
      `groups of ${sizes(groups)} parameters`,
      `groups of ${sizes(saved.paramGroups)}`,
    );
  }
  const writes: [target: Tensor, value: Tensor][] = [];
  groups.forEach((group, index) => {
    const from = saved.paramGroups[index];
    if (from === undefined) return;
    ensureSameNames("settings", group.settings, from.settings);
    ensureLearningRate(from.lr);
    ensureValid(from.settings);
    group.slots.forEach(({ state }, i) => {
      const values = saved.state[from.params[i] ?? -1] ?? {};
      ensureSameNames("state of each parameter", state, values);
      for (const [name, target] of Object.entries(state)) {
        const value = values[name] as Tensor;
        ensureFits(name, target, value);
        writes.push([target, value]);
      }
    });
  });
  noGrad(() => {
    const values = writes.map(([target, value]) => value.astype(target.dtype));
    writes.forEach(([target], index) => {
      assign(target, values[index] ?? target);
    });
  });
  groups.forEach((group, index) => {
    const from = saved.paramGroups[index];
    if (from === undefined) return;
    group.lr = from.lr;
    Object.assign(group.settings, from.settings);
  });
}

function ensureSameNames(what: string, own: object, saved: object): void {
  const names = (of: object): string => Object.keys(of).sort().join(", ") || "nothing";
  if (names(own) === names(saved)) return;
  throw stateError(`${what}: ${names(own)}`, names(saved));
}

function ensureFits(name: string, target: Tensor, value: Tensor): void {
  if (target.backend !== value.backend) {
    throw new BackendError("Optimizer.loadStateDict", "state must be where the parameters are", {
      expected: `tensors on "${target.backend.name}"`,
      got: `${name} on another, "${value.backend.name}"`,
      fix: "Move the state first: await tensor.to(backend). Nothing was changed.",
    });
  }
  if (target.shape.join() === value.shape.join()) return;
  throw new ShapeError("Optimizer.loadStateDict", "the state must fit the parameters", {
    expected: `${name} [${target.shape.join(", ")}]`,
    got: `[${value.shape.join(", ")}]`,
    fix: "Make the optimizer for the same parameters in the same order. Nothing was changed.",
  });
}

function stateError(expected: string, got: string): ValueError {
  return new ValueError("Optimizer.loadStateDict", "the state must be of such an optimizer", {
    expected,
    got,
    fix: "Make the optimizer as it was made when the state was saved. Nothing was changed.",
  });
}
