// What PyTorch computes with layers, losses and what trains them, as tooling/fixtures wrote it down.

import clipGrad from "../../fixtures/clip-grad.json" with { type: "json" };
import initializers from "../../fixtures/initializers.json" with { type: "json" };
import layers from "../../fixtures/layers.json" with { type: "json" };
import losses from "../../fixtures/losses.json" with { type: "json" };
import optimizers from "../../fixtures/optimizers.json" with { type: "json" };
import schedulers from "../../fixtures/schedulers.json" with { type: "json" };
import type { Encoded, EncodedArray } from "../../fixtures.js";

/** Options by name; a tensor stands as an array. */
export type StoredOptions = Readonly<Record<string, unknown>>;

/** Arrays by the name of a parameter, a buffer or an input. */
export type NamedArrays = Readonly<Record<string, EncodedArray>>;

/** How a layer is made. */
export interface StoredLayer {
  readonly layer: string;
  readonly args: readonly unknown[];
  readonly options: StoredOptions;
}

/** One layer and what becomes of `x` in it. */
export interface LayerCase extends StoredLayer {
  readonly state: NamedArrays;
  /** Inputs before `x`, which only move buffers. */
  readonly batches: readonly EncodedArray[];
  /** The mode in which `x` comes. */
  readonly training: boolean;
  readonly x: EncodedArray;
  readonly y: EncodedArray;
  /** Of the weighed sum of y, for "x" and the parameters, in their order. */
  readonly gradients: NamedArrays;
  readonly second: NamedArrays;
  readonly buffers: NamedArrays;
}

/** One call of a loss or a penalty. */
export interface LossCase {
  readonly loss: string;
  /** What is special about the inputs. */
  readonly note?: string;
  readonly options: StoredOptions;
  readonly inputs: readonly EncodedArray[];
  readonly value: EncodedArray;
  /** Of the weighed sum of the value; null for inputs that have none. */
  readonly gradients: readonly (Encoded | null)[];
  /** Absent where infinities pass. */
  readonly second?: readonly (Encoded | null)[];
  /** Whether infinities pass through it. */
  readonly ieee?: boolean;
  /** How exact the gradients are, relative to themselves; default: fully. */
  readonly digits?: number;
}

/** How an optimizer moves a parameter of three elements whose gradients are given. */
export interface OptimizerCase {
  readonly optimizer: string;
  readonly options: StoredOptions;
  readonly start: Encoded;
  readonly gradients: readonly Encoded[];
  /** The parameter after each step. */
  readonly path: readonly Encoded[];
}

/** How a schedule is made. */
export interface StoredSchedule {
  readonly name: string;
  readonly options: StoredOptions;
}

/** The rates of two groups under schedules that step in turn. */
export interface SchedulerCase {
  readonly schedules: readonly StoredSchedule[];
  readonly start: readonly number[];
  /** Rates that are set before a step. */
  readonly byHand: Readonly<Record<string, readonly number[]>>;
  /** The rates of the groups after each step. */
  readonly rates: readonly (readonly number[])[];
}

/** Gradients of several parameters, null for none, before and after they are limited. */
export interface ClipCase {
  /** null: by value. */
  readonly normType: number | string | null;
  readonly limit: number;
  readonly before: readonly (EncodedArray | null)[];
  readonly after: readonly (Encoded | null)[];
  readonly norm: number | null;
}

/** What an initializer draws from. */
export interface InitializerCase {
  readonly initializer: string;
  readonly shape: readonly number[];
  readonly options: StoredOptions;
  readonly distribution: {
    readonly low: number | string;
    readonly high: number | string;
    readonly mean: number;
    readonly std: number;
  };
}

export const layerCases: readonly LayerCase[] = layers.cases as unknown as LayerCase[];
export const lossCases: readonly LossCase[] = losses.cases as readonly LossCase[];
export const optimizerCases: readonly OptimizerCase[] = optimizers.cases;
export const schedulerCases: readonly SchedulerCase[] =
  schedulers.cases as readonly SchedulerCase[];
export const clipCases: readonly ClipCase[] = clipGrad.cases;
export const initializerCases: readonly InitializerCase[] = initializers.cases;

/** Options as they stand in the ids of checks. */
export function described(options: StoredOptions): string {
  const parts = Object.entries(options).map(
    ([name, value]) => `${name} ${isArray(value) ? `[${value.shape}]` : JSON.stringify(value)}`,
  );
  return parts.length === 0 ? "defaults" : parts.join(", ");
}

/** Whether an option is an array, to be made a tensor. */
export function isArray(value: unknown): value is EncodedArray {
  return typeof value === "object" && value !== null && "data" in value && "shape" in value;
}
