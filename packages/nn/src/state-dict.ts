// Loading: everything is checked first, so that a refused state leaves the module as it was.

import {
  assign,
  BackendError,
  formatValue,
  noGrad,
  ShapeError,
  Tensor,
  ValueError,
} from "@chainrule/core";

/** The parameters and buffers of a module by dotted name. */
export type StateDict = Record<string, Tensor>;

/** How strictly names must match. */
export interface LoadOptions {
  /** Whether missing and unexpected names are errors; default true. */
  readonly strict?: boolean | undefined;
}

/** The names that did not match; both empty after a strict load. */
export interface LoadResult {
  readonly missing: readonly string[];
  readonly unexpected: readonly string[];
}

/** Writes `state` into the named tensors of a module; see `Module.loadStateDict`. */
export function loadState(
  targets: readonly (readonly [name: string, tensor: Tensor])[],
  state: StateDict,
  options: LoadOptions,
): LoadResult {
  const { strict = true } = options;
  ensureStateDict(state);
  const known = new Set(targets.map(([name]) => name));
  const unexpected = Object.keys(state).filter((name) => !known.has(name));
  const missing: string[] = [];
  const misshapen: string[] = [];
  const writes: [target: Tensor, value: Tensor][] = [];
  for (const [name, target] of targets) {
    const value = Object.hasOwn(state, name) ? state[name] : undefined;
    if (value === undefined) missing.push(name);
    else if (sameShape(value, target)) writes.push([target, value]);
    else misshapen.push(`${name} [${value.shape.join(", ")}] for [${target.shape.join(", ")}]`);
  }
  refuse(strict ? missing : [], strict ? unexpected : [], misshapen);
  for (const [target, value] of writes) ensureSameBackend(target, value);
  noGrad(() => {
    // Converted before the first write: nothing after this line can fail.
    const values = writes.map(([target, value]) => value.astype(target.dtype));
    writes.forEach(([target], index) => {
      assign(target, values[index] ?? target);
    });
  });
  return { missing, unexpected };
}

function ensureStateDict(state: unknown): asserts state is StateDict {
  const stranger =
    typeof state === "object" && state !== null
      ? Object.entries(state).find(([, value]) => !(value instanceof Tensor))
      : ["the state", state];
  if (stranger === undefined) return;
  throw new ValueError("loadStateDict", "a state is an object of tensors by name", {
    expected: "what stateDict() returns",
    got: `${formatValue(stranger[1])} for ${stranger[0]}`,
  });
}

function refuse(
  missing: readonly string[],
  unexpected: readonly string[],
  misshapen: readonly string[],
): void {
  const complaints = [
    ...list("missing", missing),
    ...list("unexpected", unexpected),
    ...list("wrong shape", misshapen),
  ];
  if (complaints.length === 0) return;
  const onlyShapes = missing.length === 0 && unexpected.length === 0;
  const Refusal = onlyShapes ? ShapeError : ValueError;
  throw new Refusal("loadStateDict", "the state must fit the module", {
    expected: "every parameter and buffer by its name, in its shape",
    got: complaints.join("; "),
    fix: onlyShapes
      ? "Build the module with the sizes it was saved with. Nothing was changed."
      : "Compare with Object.keys(module.stateDict()), or pass { strict: false } to load what matches. Nothing was changed.",
  });
}

function list(what: string, names: readonly string[]): string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, 8).join(", ");
  return [`${what}: ${shown}${names.length > 8 ? ` and ${names.length - 8} more` : ""}`];
}

function sameShape(a: Tensor, b: Tensor): boolean {
  return a.ndim === b.ndim && a.shape.every((extent, axis) => extent === b.shape[axis]);
}

function ensureSameBackend(target: Tensor, value: Tensor): void {
  if (target.backend === value.backend) return;
  throw new BackendError("loadStateDict", "state and module must be on one backend", {
    expected: `tensors on "${target.backend.name}"`,
    got: `some on another, "${value.backend.name}"`,
    fix: "Move the state first: await tensor.to(backend). Nothing was changed.",
  });
}
