// Where each element goes when its line is sorted: a stable merge sort of elements with their
// positions, in typed arrays.

import type { Operand, TypedArray } from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";
import { eachLine } from "./rows.js";

/** See `Routines.rank` of the backend contract. */
export function rank(x: Operand, axis: number, descending: boolean, output: Operand): void {
  const from = (x.buffer as JsBuffer).data;
  const ranks = (output.buffer as JsBuffer).data;
  const line = new Line(x.layout.shape[axis] ?? 0);
  eachLine([x, output], axis, (_count, [start = 0, outStart = 0], [step = 0, outStep = 0]) =>
    rankLine(line, from, start, step, descending, ranks, outStart, outStep),
  );
}

function rankLine(
  line: Line,
  from: TypedArray,
  start: number,
  step: number,
  descending: boolean,
  ranks: TypedArray,
  outStart: number,
  outStep: number,
): void {
  const n = line.length;
  // NaN have the last ranks, or the first; only the numbers are sorted.
  let numbers = 0;
  for (let i = 0, at = start; i < n; i++, at += step) {
    const value = from[at] as number;
    if (Number.isNaN(value)) continue;
    line.keys[numbers] = descending ? -value : value;
    line.places[numbers++] = outStart + i * outStep;
  }
  let nan = descending ? 0 : numbers;
  const first = descending ? n - numbers : 0;
  if (numbers < n) {
    for (let i = 0, at = start; i < n; i++, at += step) {
      if (Number.isNaN(from[at] as number)) ranks[outStart + i * outStep] = nan++;
    }
  }
  line.sort(numbers);
  for (let i = 0; i < numbers; i++) ranks[line.places[i] as number] = first + i;
}

/** Numbers with the places they come from, and room to merge them. */
class Line {
  readonly length: number;
  keys: Float64Array;
  places: Int32Array;
  #otherKeys: Float64Array;
  #otherPlaces: Int32Array;

  constructor(length: number) {
    this.length = length;
    this.keys = new Float64Array(length);
    this.places = new Int32Array(length);
    this.#otherKeys = new Float64Array(length);
    this.#otherPlaces = new Int32Array(length);
  }

  /** Sorts the first `count` keys ascending, and their places with them. */
  sort(count: number): void {
    for (let start = 0; start < count; start += shortRun) {
      insertionSort(this.keys, this.places, start, Math.min(start + shortRun, count));
    }
    for (let width = shortRun; width < count; width *= 2) {
      for (let start = 0; start < count; start += 2 * width) {
        this.#merge(start, Math.min(start + width, count), Math.min(start + 2 * width, count));
      }
      [this.keys, this.#otherKeys] = [this.#otherKeys, this.keys];
      [this.places, this.#otherPlaces] = [this.#otherPlaces, this.places];
    }
  }

  /** Merges the sorted runs from `start` to `middle` and from there to `end` into the other arrays. */
  #merge(start: number, middle: number, end: number): void {
    const { keys, places } = this;
    const mergedKeys = this.#otherKeys;
    const mergedPlaces = this.#otherPlaces;
    let a = start;
    let b = middle;
    for (let to = start; to < end; to++) {
      const takesFirst = b === end || (a < middle && (keys[a] as number) <= (keys[b] as number));
      const taken = takesFirst ? a++ : b++;
      mergedKeys[to] = keys[taken] as number;
      mergedPlaces[to] = places[taken] as number;
    }
  }
}

/** Runs up to this long are sorted by insertion: short lines then need no merge at all. */
const shortRun = 8;

function insertionSort(keys: Float64Array, places: Int32Array, start: number, end: number): void {
  for (let i = start + 1; i < end; i++) {
    const key = keys[i] as number;
    const place = places[i] as number;
    let to = i;
    while (to > start && (keys[to - 1] as number) > key) {
      keys[to] = keys[to - 1] as number;
      places[to] = places[to - 1] as number;
      to--;
    }
    keys[to] = key;
    places[to] = place;
  }
}
