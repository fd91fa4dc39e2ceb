// Stored results of PyTorch and of the array API standard, as tooling/fixtures wrote them.

import arrayApi from "./fixtures/array-api.json" with { type: "json" };
import conv from "./fixtures/conv.json" with { type: "json" };
import elementwise from "./fixtures/elementwise.json" with { type: "json" };
import index from "./fixtures/index.json" with { type: "json" };
import joinAndView from "./fixtures/join-and-view.json" with { type: "json" };
import linalg from "./fixtures/linalg.json" with { type: "json" };
import reduce from "./fixtures/reduce.json" with { type: "json" };
import scan from "./fixtures/scan.json" with { type: "json" };
import sort from "./fixtures/sort.json" with { type: "json" };
import type { HostArray } from "./values.js";

/** Attributes of a call, as far as it has them; null stands for "left out". */
export interface TorchArgs {
  readonly axis?: number | readonly number[] | null;
  readonly keepdims?: boolean;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly value?: number;
  readonly slope?: number;
  readonly alpha?: number;
  readonly correction?: number;
  readonly n?: number;
  readonly includeInitial?: boolean;
  /** The order of a norm; "inf", "-inf" and "fro" as PyTorch writes them. */
  readonly ord?: number | string;
  readonly classes?: number;
  readonly exponent?: readonly number[];
  readonly shape?: readonly number[];
  readonly axes?: readonly number[];
  /** The window of a pooling, in elements. */
  readonly window?: number | readonly number[];
  /** Options by the names of our functions. */
  readonly options?: object;
  readonly widths?: readonly (readonly [number, number])[];
  readonly equation?: string;
  /** Axes of a tensordot: how many, or those of both operands. */
  readonly count?: number;
  readonly pairs?: readonly [readonly number[], readonly number[]];
  readonly power?: number;
  readonly source?: number | readonly number[];
  readonly destination?: number | readonly number[];
  readonly shift?: number | readonly number[];
  /** Repetitions, or the sizes of parts. */
  readonly counts?: number | readonly number[];
  readonly offset?: number;
  /** Which of several results is compared. */
  readonly pick?: number;
  /** Items of an index, separated by commas; "#" stands for the next tensor. */
  readonly items?: string;
}

/** What PyTorch computes for one call, in float64. */
export interface TorchCase {
  readonly op: string;
  /** Names the call when it is not `op` of the inputs. */
  readonly call: string | undefined;
  readonly args: TorchArgs;
  /** Bare numbers are passed as numbers. */
  readonly inputs: readonly (HostArray | number)[];
  readonly output: HostArray;
  /** Of the float inputs, in order; absent for operations without a derivative. */
  readonly gradients: readonly (readonly number[])[] | undefined;
  readonly second: readonly (readonly number[])[] | undefined;
}

/** One row of the array API's table of special values. */
export interface SpecialCase {
  readonly inputs: readonly (readonly number[])[];
  readonly expected: readonly number[];
  readonly text: string;
}

/** Numbers as the files hold them. */
export type Encoded = readonly (number | string)[];

/** An array as the files hold it. */
export interface EncodedArray {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly data: Encoded;
}

interface EncodedCase {
  readonly op: string;
  readonly call?: string;
  readonly args?: object;
  readonly inputs: readonly (EncodedArray | number)[];
  readonly output: EncodedArray;
  readonly gradients?: readonly Encoded[];
  readonly second?: readonly Encoded[];
}

const files = [conv, elementwise, reduce, linalg, index, joinAndView, sort, scan] as readonly {
  readonly cases: readonly EncodedCase[];
}[];

/** The stored cases of operation `op`. */
export function torchCases(op: string): TorchCase[] {
  return files.flatMap(({ cases }) => cases.filter((each) => each.op === op).map(decoded));
}

/** The array API's special values for operation `op`. */
export function specialCases(op: string): SpecialCase[] {
  return arrayApi.cases
    .filter((each) => each.op === op)
    .map(({ inputs, expected, text }) => ({
      inputs: inputs.map(numbers),
      expected: numbers(expected),
      text,
    }));
}

function decoded({ op, call, args, inputs, output, gradients, second }: EncodedCase): TorchCase {
  return {
    op,
    call,
    args: (args ?? {}) as TorchArgs,
    inputs: inputs.map((each) => (typeof each === "number" ? each : hostArrayOf(each))),
    output: hostArrayOf(output),
    gradients: gradients?.map(numbers),
    second: second?.map(numbers),
  };
}

/** The array that a file holds. */
export function hostArrayOf({ shape, dtype, data }: EncodedArray): HostArray {
  return { shape, dtype: dtype as HostArray["dtype"], data: numbers(data) };
}

/** NaN, Infinity, -Infinity and -0 are text in the files. */
export function numbers(data: Encoded): number[] {
  return data.map(Number);
}
