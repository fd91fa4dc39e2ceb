// Trainings of small networks in PyTorch, as tooling/fixtures/families/training.py wrote them down.

import training from "../../fixtures/training.json" with { type: "json" };
import type { EncodedArray } from "../../fixtures.js";
import type { NamedArrays, StoredLayer, StoredOptions, StoredSchedule } from "../layers/stored.js";

/** A training from a stored state, in float64. */
export interface TrainingCase {
  readonly name: string;
  readonly network: readonly StoredLayer[];
  readonly loss: string;
  readonly optimizer: string;
  readonly options: StoredOptions;
  /** Stepped after every update. */
  readonly schedule?: StoredSchedule;
  /** Limits of the gradients before every update. */
  readonly clipNorm?: number;
  readonly clipValue?: number;
  readonly state: NamedArrays;
  /** Taken in turn. */
  readonly batches: readonly { readonly x: EncodedArray; readonly target: EncodedArray }[];
  /** The loss before each step. */
  readonly losses: readonly number[];
  /** How far PyTorch's own float32 run is from that, at worst up to each step. */
  readonly lossRounding: readonly number[];
  /** Parameters and buffers after {@link snapshotSteps}. */
  readonly after: NamedArrays;
  /** How far those of PyTorch's float32 run are from that, at worst in each array. */
  readonly rounding: Readonly<Record<string, number>>;
}

/** The steps after which parameters are stored. */
export const snapshotSteps = 10;

export const trainingCases: readonly TrainingCase[] =
  training.cases as unknown as readonly TrainingCase[];
