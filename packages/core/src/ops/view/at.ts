import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { fromArray } from "../../engine/fill.js";
import { formatShape, formatValue, IndexError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type AxisIndices, takePlaces } from "../index/take-places.js";
import { reshape } from "./reshape.js";
import { type AxisSlice, sliceAxes } from "./slice.js";

/** A slice by name: each part may be left out, negative positions count from the end. */
export interface SliceRange {
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly step?: number | undefined;
}

/**
 * One item of an index: a position (drops the axis), a slice as text `"start:stop:step"` or object,
 * `null` for a new axis, `"..."` for all axes not named; or several positions, as an int32 or uint8
 * tensor or a list.
 */
export type IndexItem = number | string | SliceRange | null | Tensor | readonly number[];

/**
 * Indexes `x` as NumPy's square brackets do, as a view unless an item is a tensor or a list.
 *
 * A position from -n to n - 1 picks one element and drops its axis; a slice takes a range, cut to
 * the axis as in Python, also backwards; `null` adds an axis; axes not named are kept.
 * Tensors and lists broadcast together and pick one element for each of their positions. The axes
 * they broadcast to come where the first of them stands; in front if a slice, `null` or `"..."`
 * parts two of them, or one from a position. A negative index counts from the end; one of a tensor
 * outside its axis gives NaN (0 for ints and bool).
 * Throws: IndexError for a position outside its axis, too many items or a malformed slice;
 * ShapeError for tensors that do not broadcast; DTypeError for tensors that are not int32 or uint8.
 *
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * at(x, -1) // => [4, 5, 6]
 * at(x, ":", "::-2") // => [[3, 1], [6, 4]]
 * at(x, "...", 0, null) // => [[1], [4]]
 * at(x, [0, 1, 1], [2, 0, -1]) // => [3, 4, 6]
 *
 * @method
 */
export function at<D extends DType>(x: Tensor<D>, ...items: readonly IndexItem[]): Tensor<D> {
  ensureTensor("at", x);
  const full = fillEllipsis(items, x.shape);
  const slices: AxisSlice[] = [];
  const shape: number[] = [];
  const picks: AxisIndices[] = [];
  for (const item of full) {
    if (item === null) {
      shape.push(1);
      continue;
    }
    const axis = slices.length;
    const extent = x.shape[axis] ?? 0;
    if (typeof item === "number") {
      slices.push({ start: position(item, axis, x.shape), step: 1, count: 1 });
      continue;
    }
    if (isIndices(item)) picks.push({ axis: shape.length, indices: asTensor(item, axis, x) });
    const slice = resolveSlice(rangeOf(item), extent);
    slices.push(slice);
    shape.push(slice.count);
  }
  const part = sliceAxes(x, slices);
  const result = reshape(part, shape);
  part.dispose();
  return picks.length === 0 ? result : takePlaces("at", result, picks, isApart(items));
}

type Indices = Tensor | readonly number[];

function isIndices(item: IndexItem): item is Indices {
  return typeof item === "object" && item !== null && (Array.isArray(item) || "dtype" in item);
}

/** Indices of axis `axis` of `x` as a tensor; those of a list are checked. */
function asTensor(indices: Indices, axis: number, x: Tensor): Tensor {
  if ("dtype" in indices) return indices;
  const places = Int32Array.from(indices, (index) => position(index, axis, x.shape));
  return fromArray(x.storage.device, places, "int32", [places.length]);
}

/** Whether another item stands between two that pick single elements. */
function isApart(items: readonly IndexItem[]): boolean {
  const picks = (item: IndexItem): boolean => typeof item === "number" || isIndices(item);
  return !items.slice(items.findIndex(picks), items.findLastIndex(picks)).every(picks);
}

/** The items with one for every axis: "..." and missing ones stand for whole axes. */
function fillEllipsis(items: readonly IndexItem[], shape: readonly number[]): IndexItem[] {
  const named = items.filter((item) => item !== null && item !== "...").length;
  const ellipses = items.filter((item) => item === "...").length;
  if (named > shape.length || ellipses > 1) {
    throw new IndexError("at", "at most one item per axis and one ellipsis", {
      expected: `up to ${shape.length} positions and slices`,
      got: `[${items.map((item) => formatItem(item)).join(", ")}] for shape ${formatShape(shape)}`,
    });
  }
  const rest = new Array<IndexItem>(shape.length - named).fill(":");
  const cut = ellipses === 0 ? items.length : items.indexOf("...");
  return [...items.slice(0, cut), ...rest, ...items.slice(cut + 1)];
}

function formatItem(item: IndexItem): string {
  const isRange = typeof item === "object" && item !== null && !isIndices(item);
  return isRange ? JSON.stringify(item) : formatValue(item);
}

function position(index: number, axis: number, shape: readonly number[]): number {
  const n = shape[axis] ?? 0;
  if (!Number.isInteger(index) || index < -n || index >= n) {
    throw new IndexError("at", "a position must lie on its axis", {
      expected:
        n === 0 ? `no position, as axis ${axis} is empty` : `an integer from ${-n} to ${n - 1}`,
      got: `${index} at axis ${axis} of shape ${formatShape(shape)}`,
    });
  }
  return index < 0 ? index + n : index;
}

const sliceText = /^\s*(-?\d+)?\s*:\s*(-?\d+)?\s*(?::\s*(-?\d+)?\s*)?$/;

/** The slice an item asks for; indices pick from the whole axis. */
function rangeOf(item: string | SliceRange | Indices): SliceRange {
  if (typeof item === "string") return parseSlice(item);
  if (isIndices(item)) return {};
  if (typeof item !== "object" || "length" in item) throw sliceError(formatValue(item));
  return item;
}

function parseSlice(text: string): SliceRange {
  const match = sliceText.exec(text);
  if (match === null) {
    const items = text.split(",").map((part) => JSON.stringify(part.trim()));
    throw sliceError(
      JSON.stringify(text),
      items.length > 1 ? `Pass one argument per axis: x.at(${items.join(", ")}).` : "",
    );
  }
  const [start, stop, step] = match
    .slice(1)
    .map((part) => (part === undefined ? part : Number(part)));
  return { start, stop, step };
}

/** Python's rule for slices: bounds are cut to the axis, the step says the direction. */
function resolveSlice(range: SliceRange, n: number): AxisSlice {
  const step = range.step ?? 1;
  for (const part of [range.start ?? 0, range.stop ?? 0, step]) {
    if (!Number.isInteger(part)) throw sliceError(JSON.stringify(range));
  }
  if (step === 0) throw sliceError(`step 0 in ${JSON.stringify(range)}`);
  const low = step > 0 ? 0 : -1;
  const high = step > 0 ? n : n - 1;
  const bound = (value: number): number =>
    Math.min(high, Math.max(low, value < 0 ? value + n : value));
  const start = range.start === undefined ? (step > 0 ? low : high) : bound(range.start);
  const stop = range.stop === undefined ? (step > 0 ? high : low) : bound(range.stop);
  return { start, step, count: Math.max(0, Math.ceil((stop - start) / step)) };
}

function sliceError(got: string, fix = ""): IndexError {
  return new IndexError("at", "a slice has whole bounds and a step other than 0", {
    expected: '"start:stop:step" or { start, stop, step }, each part optional',
    got,
    fix,
  });
}
