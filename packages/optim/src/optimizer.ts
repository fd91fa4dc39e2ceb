// The base of all optimizers: groups of parameters, the loop over them, saving and loading. What an
// update is stands in sgd.ts, adam.ts and adamw.ts. All numbers that change from step to step are
// tensors, and all updates are operations that end in `assign`, so that a training step can be
// compiled as it is.

import { formatValue, GradientError, noGrad, Tensor, ValueError } from "@chainrule/core";
import { announce } from "@chainrule/core/observe";
import { loadOptimizerState, type OptimizerState, saveOptimizerState } from "./optimizer-state.js";
import { ParamGroup, type Slot, type State } from "./param-group.js";

/** Parameters with settings of their own; those left out come from the optimizer. */
export type GroupOptions<Settings extends object> = {
  readonly params: Iterable<Tensor>;
  readonly lr?: number | undefined;
} & { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** What an optimizer is made for: tensors, e.g. `model.parameters()`, or groups of them. */
export type Params<Settings extends object> = Iterable<Tensor> | Iterable<GroupOptions<Settings>>;

/** An optimizer of any kind. */
export type AnyOptimizer = Optimizer<object, State>;

/**
 * Moves parameters so that a loss becomes smaller, by their gradients.
 *
 * To make an optimizer, extend it with three methods: what settings are valid, what is remembered of
 * a parameter, and how one parameter is updated.
 *
 * @example
 * type None = Record<never, never>;
 * class SignDescent extends Optimizer<None, None> {
 *   protected override ensureValid(): void {}
 *   protected override createState(): None {
 *     return {};
 *   }
 *   protected override update({ param, lr }: Slot<None>, grad: Tensor): void {
 *     assign(param, param.sub(lr.mul(grad.sign())));
 *   }
 * }
 */
export abstract class Optimizer<Settings extends object, S extends State> {
  readonly #groups: ParamGroup<Settings, S>[] = [];
  readonly #defaults: { readonly lr: number; readonly settings: Settings };

  constructor(params: Params<Settings>, lr: number, settings: Settings) {
    this.#defaults = { lr, settings };
    announce(this, "step");
    for (const group of groupsOf(params)) this.addParamGroup(group);
    if (this.#groups.length === 0) throw emptyError();
  }

  /** Throws: {@link ValueError} for settings out of range. Called before the subclass is built. */
  protected abstract ensureValid(settings: Settings): void;

  /** What is remembered of `param`, before the first step. Called before the subclass is built. */
  protected abstract createState(param: Tensor, settings: Settings): S;

  /** Writes the next value into `slot.param`; no gradients are recorded meanwhile. */
  protected abstract update(slot: Slot<S>, grad: Tensor, settings: Settings): void;

  /** The groups; set `paramGroups[0].lr` to change a learning rate. */
  get paramGroups(): readonly ParamGroup<Settings, S>[] {
    return this.#groups;
  }

  /** Updates every parameter that has a gradient, and leaves the others as they are. */
  step(): void {
    noGrad(this.#updateAll);
  }

  /** Forgets the gradients of all parameters: the next `backward()` starts from nothing. */
  zeroGrad(): void {
    for (const group of this.#groups) for (const param of group.params) param.grad = null;
  }

  /**
   * Adds parameters, with settings of their own or those of the optimizer.
   *
   * Throws: {@link ValueError} when there are none, when one is here already, or when a setting is
   * unknown or out of range; {@link GradientError} for the result of an operation.
   */
  addParamGroup(group: GroupOptions<Settings>): void {
    const { params, lr = this.#defaults.lr, ...own } = group;
    const settings = { ...this.#defaults.settings };
    for (const key of Object.keys(own) as (keyof Settings & string)[]) {
      if (!(key in settings)) throw unknownSettingError(key, settings);
      const value = (own as Partial<Settings>)[key];
      if (value !== undefined) settings[key] = value;
    }
    this.ensureValid(settings);
    const tensors = [...params];
    ensureOptimizable(
      tensors,
      this.#groups.flatMap(({ params: present }) => present),
    );
    this.#groups.push(
      new ParamGroup(tensors, lr, settings, (param) => this.createState(param, settings)),
    );
  }

  /**
   * All settings, and what is remembered of each parameter under its position among all of them.
   *
   * The tensors are those the optimizer works with: further steps change them. For a snapshot, `copy`
   * each of them.
   */
  stateDict(): OptimizerState<Settings> {
    return saveOptimizerState(this.#groups);
  }

  /**
   * Takes over the settings of `state` and writes its tensors into those of this optimizer, which
   * then continues as the saved one would have.
   *
   * Throws: {@link ValueError} or {@link ShapeError} when `state` is of another kind of optimizer or
   * of other parameters; nothing is changed then.
   */
  loadStateDict(state: OptimizerState<Settings>): void {
    loadOptimizerState(this.#groups, state, (settings) => this.ensureValid(settings));
  }

  /** Made once: a step allocates nothing but the results of its operations. */
  readonly #updateAll = (): void => {
    for (const { slots, settings } of this.#groups) {
      for (const slot of slots) {
        const { grad } = slot.param;
        if (grad !== null) this.update(slot, grad, settings);
      }
    }
  };
}

function groupsOf<Settings extends object>(params: Params<Settings>): GroupOptions<Settings>[] {
  if (params instanceof Tensor || typeof params?.[Symbol.iterator] !== "function") {
    throw paramsError(params);
  }
  const items = [...params];
  const isGroup = (item: Tensor | GroupOptions<Settings>): item is GroupOptions<Settings> =>
    typeof item === "object" && item !== null && "params" in item;
  if (items.length > 0 && items.every(isGroup)) return items;
  const tensors = items.filter((item) => item instanceof Tensor);
  if (tensors.length < items.length) {
    throw paramsError(items.find((item) => !(item instanceof Tensor)));
  }
  const group: { readonly params: Iterable<Tensor> } = { params: tensors };
  return [group as GroupOptions<Settings>];
}

function ensureOptimizable(tensors: readonly Tensor[], present: readonly Tensor[]): void {
  if (tensors.length === 0) throw emptyError();
  const seen = new Set(present);
  for (const tensor of tensors) {
    if (!(tensor instanceof Tensor)) throw paramsError(tensor);
    if (!tensor.isLeaf) throw leafError();
    if (seen.has(tensor)) throw duplicateError(tensor);
    seen.add(tensor);
  }
}

function emptyError(): ValueError {
  return new ValueError("Optimizer", "there must be something to optimize", {
    expected: "at least one parameter in every group",
    got: "none",
    fix: "A module finds parameters that are its own properties and marked with parameter(…); an iterator such as model.parameters() can be used once.",
  });
}

function unknownSettingError(key: string, settings: object): ValueError {
  return new ValueError("Optimizer", "a group has the settings of its optimizer", {
    expected: `params, lr, ${Object.keys(settings).join(", ")}`,
    got: key,
  });
}

function paramsError(got: unknown): ValueError {
  return new ValueError("Optimizer", "parameters are given as a list", {
    expected: "an iterable of tensors, or of groups { params, … }",
    got: formatValue(got),
    fix: "Pass model.parameters(), or [tensor] for a single one.",
  });
}

function leafError(): GradientError {
  return new GradientError("Optimizer", "only leaves of the graph can be optimized", {
    expected: "tensors made with { requiresGrad: true }",
    got: "the result of an operation",
    fix: "Pass the tensors it was computed from.",
  });
}

function duplicateError(tensor: Tensor): ValueError {
  return new ValueError("Optimizer", "a parameter is updated once per step", {
    expected: "every tensor once, in one group",
    got: `one of shape [${tensor.shape.join(", ")}] twice`,
    fix: "model.parameters() yields a shared parameter once.",
  });
}
