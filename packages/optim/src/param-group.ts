// Parameters that share a learning rate and settings, and what an optimizer remembers of each.

import { accompany, assign, DTypeError, full, noGrad, type Tensor } from "@chainrule/core";
import { noteRead, refuseRecording, unrecorded } from "@chainrule/core/observe";
import { ensureLearningRate } from "./settings.js";

/** What an optimizer remembers of a parameter: tensors by name. */
export type State = Record<string, Tensor>;

/** A parameter with what its update needs, gathered once so that a step looks nothing up. */
export interface Slot<S extends State> {
  readonly param: Tensor;
  /** The learning rate as a 0-d tensor of the dtype of `param`, on its backend. */
  readonly lr: Tensor;
  /** Written to by `assign` only: the tensors stay the same. */
  readonly state: S;
}

/** Parameters that are updated with one learning rate and the same settings. */
export class ParamGroup<Settings extends object, S extends State> {
  readonly params: readonly Tensor[];
  /** The hyper-parameters besides the learning rate. */
  readonly settings: Settings;
  readonly #slots: MutableSlot<S>[];
  /** The rates of the slots, each once. */
  #rates: Tensor[] = [];
  #lr: number;

  constructor(
    params: readonly Tensor[],
    lr: number,
    settings: Settings,
    createState: (param: Tensor) => S,
  ) {
    ensureLearningRate(lr);
    this.params = params;
    this.settings = settings;
    this.#lr = lr;
    this.#slots = params.map((param) => {
      const state = createState(param);
      accompany(param, state);
      return { param, lr: rateFor(param, lr, this.#rates), state };
    });
  }

  /** The parameters with what their updates need, on the backend where each is now. */
  get slots(): readonly Slot<S>[] {
    for (const slot of this.#slots) if (slot.lr.backend !== slot.param.backend) this.#refit(slot);
    return this.#slots;
  }

  /**
   * The learning rate. Setting it writes into tensors that the updates read, so that a compiled
   * training step follows a schedule; one that reads the number here is recorded anew for each.
   * Throws: {@link ValueError} for a negative rate or NaN.
   */
  get lr(): number {
    noteRead(this, "lr", this.#lr);
    return this.#lr;
  }

  set lr(value: number) {
    refuseRecording("a learning rate that is set");
    ensureLearningRate(value);
    this.#lr = value;
    noGrad(() => {
      // Those of the slots: a parameter may have moved, and the backend it was on be closed.
      for (const rate of new Set(this.slots.map((slot) => slot.lr))) {
        assign(rate, full([], value, { dtype: rate.dtype, backend: rate.backend }));
      }
    });
  }

  #refit(slot: MutableSlot<S>): void {
    slot.lr = rateFor(slot.param, this.#lr, this.#rates);
    this.#rates = this.#rates.filter((rate) => this.#slots.some(({ lr }) => lr === rate));
  }
}

/** A slot whose rate is exchanged when its parameter moves to another backend. */
interface MutableSlot<S extends State> extends Slot<S> {
  lr: Tensor;
}

/** The tensor among `rates` that fits `param`, made when there is none yet. */
function rateFor(param: Tensor, lr: number, rates: Tensor[]): Tensor {
  const { backend, dtype } = param;
  // In float16 the step count stops at 2,048 and eps = 1e-8 is 0: silently wrong, so refused.
  if (dtype !== "float32" && dtype !== "float64") {
    throw new DTypeError("Optimizer", "parameters must be float32 or float64", {
      expected: '"float32" or "float64"',
      got: `"${dtype}"`,
      fix: "Train a float32 copy and convert it for use.",
    });
  }
  const found = rates.find((rate) => rate.backend === backend && rate.dtype === dtype);
  if (found !== undefined) return found;
  const rate = unrecorded(() => full([], lr, { dtype, backend: param.backend }));
  rates.push(rate);
  return rate;
}
