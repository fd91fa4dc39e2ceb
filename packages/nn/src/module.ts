// The base of everything that has weights. A module keeps no list of its parts: they are its own
// properties, found in declaration order. How a state dict is loaded: state-dict.ts.

import { type Backend, moveTensors, Tensor } from "@chainrule/core";
import { announce } from "@chainrule/core/observe";
import { ensureThisCopy, moduleBrand, thisCopy } from "./copies.js";
import { isBuffer, isParameter } from "./parameter.js";
import { type LoadOptions, type LoadResult, loadState, type StateDict } from "./state-dict.js";

/** A module of any inputs and output. */
export type AnyModule = Module<never[], unknown>;

/**
 * Computes an output from inputs with the help of parameters, buffers and other modules.
 *
 * Subclass it: declare parameters, buffers and modules as properties (also inside arrays and plain
 * objects) and write `forward`. A `#private` property is not found. Names are dotted as PyTorch's,
 * e.g. `layers.0.weight`: of one module, its own tensors come first, then those of its children.
 *
 * @example
 * class Perceptron extends Module {
 *   readonly hidden: Linear = new Linear(2, 4);
 *   readonly out: Linear = new Linear(4, 1);
 *   forward(x: Tensor): Tensor {
 *     return this.out.forward(this.hidden.forward(x).relu());
 *   }
 * }
 * [...new Perceptron().parameters()].length // => 4
 */
export abstract class Module<In extends unknown[] = [Tensor], Out = Tensor> {
  /** Whether layers such as dropout behave as in training; set by {@link train} and {@link eval}. */
  training = true;

  constructor() {
    announce(this, "forward");
  }

  /** The output for `inputs`. */
  abstract forward(...inputs: In): Out;

  /** All parameters, a shared one once. */
  *parameters(): Generator<Tensor, void, undefined> {
    for (const [, tensor] of this.namedParameters()) yield tensor;
  }

  /** All parameters with their names, a shared one once, under its first name. */
  *namedParameters(): Generator<[name: string, tensor: Tensor], void, undefined> {
    yield* distinct(this, isParameter);
  }

  /** All buffers, a shared one once. */
  *buffers(): Generator<Tensor, void, undefined> {
    for (const [, tensor] of this.namedBuffers()) yield tensor;
  }

  /** All buffers with their names, a shared one once, under its first name. */
  *namedBuffers(): Generator<[name: string, tensor: Tensor], void, undefined> {
    yield* distinct(this, isBuffer);
  }

  /** The modules directly inside this one. */
  *children(): Generator<AnyModule, void, undefined> {
    for (const [, child] of this.namedChildren()) yield child;
  }

  /** The modules directly inside this one with their names, a shared one once. */
  *namedChildren(): Generator<[name: string, module: AnyModule], void, undefined> {
    const seen = new Set<AnyModule>();
    for (const { name, part } of partsOf(this)) {
      if (part instanceof Tensor || seen.has(part)) continue;
      seen.add(part);
      yield [name, part];
    }
  }

  /** This module and all inside it, a shared one once, parents first. */
  *modules(): Generator<AnyModule, void, undefined> {
    for (const [, module] of this.namedModules()) yield module;
  }

  /** This module, named "", and all inside it, a shared one once, parents first. */
  *namedModules(): Generator<[name: string, module: AnyModule], void, undefined> {
    const seen = new Set<AnyModule>();
    for (const [name, module] of everyPath("", this, new Set())) {
      if (seen.has(module)) continue;
      seen.add(module);
      yield [name, module];
    }
  }

  /** Puts this module and all inside it in training mode (or out of it); returns the module. */
  train(mode = true): this {
    for (const module of this.modules()) module.training = mode;
    return this;
  }

  /** Puts this module and all inside it in evaluation mode; returns the module. */
  eval(): this {
    return this.train(false);
  }

  /**
   * Stops training all parameters: no gradients are recorded, and those held are dropped, so that an
   * optimizer leaves the parameters as they are. Returns the module.
   */
  freeze(): this {
    forEachParameter(this, (tensor) => {
      tensor.requiresGrad = false;
      tensor.grad = null;
    });
    return this;
  }

  /** Trains all parameters again after {@link freeze}; returns the module. */
  unfreeze(): this {
    forEachParameter(this, (tensor) => {
      tensor.requiresGrad = true;
    });
    return this;
  }

  /** Forgets the gradients of all parameters. */
  zeroGrad(): void {
    forEachParameter(this, (tensor) => {
      tensor.grad = null;
    });
  }

  /**
   * Moves all parameters and buffers to `backend`, in place: optimizers made for them go on with what
   * they remember, also in the middle of training. Resolves to the module.
   *
   * Throws: DTypeError when the backend lacks a dtype, ValueError when a step or a backward pass is
   * made before the promise resolves; nothing has moved then.
   */
  async to(backend: Backend): Promise<this> {
    await moveTensors([...this.parameters(), ...this.buffers()], backend);
    return this;
  }

  /**
   * All parameters and buffers by name; a shared one stands under each of its names.
   *
   * The tensors share memory with the module, as in PyTorch: further training changes them. For a
   * snapshot, `copy` each of them.
   */
  stateDict(): StateDict {
    const detached = stateOf(this).map(([name, tensor]): [string, Tensor] => [
      name,
      tensor.detach(),
    ]);
    return Object.fromEntries(detached);
  }

  /**
   * Writes the values of `state` into the parameters and buffers; optimizers and compiled functions
   * that hold these tensors see them.
   *
   * Units and ranges: values are converted to the dtype of the module. With `strict: false` names
   * missing from `state` keep their values, names unknown to the module are ignored; both are
   * returned.
   * Throws: one error that lists all missing and unexpected names and wrong shapes, before anything
   * is written: {@link ShapeError} if only shapes are wrong, else {@link ValueError}.
   */
  loadStateDict(state: StateDict, options: LoadOptions = {}): LoadResult {
    return loadState(stateOf(this), state, options);
  }
}

// Tells two copies of nn apart.
Object.defineProperty(Module.prototype, moduleBrand, { value: thisCopy });

/** Calls `visit` for every parameter, a shared one once: without names, for use in every step. */
function forEachParameter(root: AnyModule, visit: (tensor: Tensor) => void): void {
  const seen = new Set<object>();
  const walk = (module: AnyModule): void => {
    for (const { part } of partsOf(module)) {
      if (seen.has(part)) continue;
      seen.add(part);
      if (part instanceof Module) walk(part);
      else if (isParameter(part)) visit(part);
    }
  };
  seen.add(root);
  walk(root);
}

function* distinct(
  root: AnyModule,
  wanted: (tensor: Tensor) => boolean,
): Generator<[name: string, tensor: Tensor], void, undefined> {
  const seen = new Set<Tensor>();
  for (const [path, module] of root.namedModules()) {
    for (const { name, part } of partsOf(module)) {
      if (!(part instanceof Tensor) || !wanted(part) || seen.has(part)) continue;
      seen.add(part);
      yield [join(path, name), part];
    }
  }
}

/** Parameters and buffers under every name they have. */
function stateOf(root: AnyModule): [name: string, tensor: Tensor][] {
  const state: [string, Tensor][] = [];
  for (const [path, module] of everyPath("", root, new Set())) {
    for (const wanted of [isParameter, isBuffer]) {
      for (const { name, part } of partsOf(module)) {
        if (part instanceof Tensor && wanted(part)) state.push([join(path, name), part]);
      }
    }
  }
  return state;
}

/** `module` and all inside it, a shared one once per path; a reference to a parent leads nowhere. */
function* everyPath(
  path: string,
  module: AnyModule,
  open: Set<AnyModule>,
): Generator<[path: string, module: AnyModule], void, undefined> {
  if (open.has(module)) return;
  open.add(module);
  yield [path, module];
  for (const { name, part } of partsOf(module)) {
    if (part instanceof Module) yield* everyPath(join(path, name), part, open);
  }
  open.delete(module);
}

/** A tensor or a module, and what it is called inside its module. */
interface Named {
  readonly name: string;
  readonly part: Tensor | AnyModule;
}

/** The tensors and modules that are own properties of `module`, or inside arrays and objects there. */
function partsOf(module: AnyModule): Named[] {
  const parts: Named[] = [];
  collect("", module, parts, []);
  return parts;
}

function collect(path: string, holder: object, parts: Named[], open: object[]): void {
  for (const key of Object.keys(holder)) {
    const value: unknown = (holder as Record<string, unknown>)[key];
    if (typeof value !== "object" || value === null) continue;
    const name = join(path, key);
    if (value instanceof Tensor || value instanceof Module) parts.push({ name, part: value });
    else if (!isPlain(value)) ensureThisCopy("Module", value);
    else if (!open.includes(value)) collect(name, value, parts, [...open, value]);
  }
}

/** Whether `value` is an array that can hold modules, or an object literal. */
function isPlain(value: object): boolean {
  if (Array.isArray(value)) return value.some((item) => typeof item === "object");
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function join(path: string, name: string): string {
  return path === "" ? name : `${path}.${name}`;
}
