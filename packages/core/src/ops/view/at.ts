import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, IndexError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
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
 * `null` for a new axis, `"..."` for all axes not named.
 */
export type IndexItem = number | string | SliceRange | null;

/**
 * Indexes `x` as NumPy's square brackets do, always as a view.
 *
 * A position from -n to n - 1 picks one element and drops its axis; a slice takes a range, cut to
 * the axis as in Python, also backwards; `null` adds an axis; axes not named are kept.
 * Throws: IndexError for a position outside its axis, too many items or a malformed slice.
 *
 * @example
 * const x = tensor([[1, 2, 3], [4, 5, 6]]);
 * at(x, -1) // => [4, 5, 6]
 * at(x, ":", "::-2") // => [[3, 1], [6, 4]]
 * at(x, "...", 0, null) // => [[1], [4]]
 *
 * @method
 */
export function at<D extends DType>(x: Tensor<D>, ...items: readonly IndexItem[]): Tensor<D> {
  ensureTensor("at", x);
  const full = fillEllipsis(items, x.shape);
  const slices: AxisSlice[] = [];
  const shape: number[] = [];
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
    const slice = resolveSlice(typeof item === "string" ? parseSlice(item) : item, extent);
    slices.push(slice);
    shape.push(slice.count);
  }
  const part = sliceAxes(x, slices);
  const result = reshape(part, shape);
  part.dispose();
  return result;
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
  return typeof item === "object" && item !== null ? JSON.stringify(item) : formatValue(item);
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

function parseSlice(text: string): SliceRange {
  const match = sliceText.exec(text);
  if (match === null) throw sliceError(JSON.stringify(text));
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

function sliceError(got: string): IndexError {
  return new IndexError("at", "a slice has whole bounds and a step other than 0", {
    expected: '"start:stop:step" or { start, stop, step }, each part optional',
    got,
  });
}
