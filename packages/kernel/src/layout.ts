// A layout says how the elements of a tensor lie in its buffer: shape and strides, in elements.
// Layouts are interned: equal ones are one object, so that caches compare identities and ids
// instead of building keys from shapes.

/** Shape and strides of a strided view, one object per distinct pair; made by {@link layout}. */
export interface Layout {
  /** A positive integer, distinct for each layout. */
  readonly id: number;
  readonly shape: readonly number[];
  /** Steps between neighbours along each axis, in elements; 0 repeats, negative walks backwards. */
  readonly strides: readonly number[];
  readonly ndim: number;
  /** Number of elements: the product of the shape, 1 for a scalar. */
  readonly size: number;
  /** Row-major without gaps, so that the elements can be read as one flat run. */
  readonly contiguous: boolean;
}

/** Interned layouts beyond this many are forgotten at once (memory stays bounded, ids stay distinct). */
const capacity = 1 << 16;
const interned = new Map<string, Layout>();
let nextId = 1;

/**
 * The layout with `shape` and `strides`; row-major strides when none are given.
 *
 * @example
 * layout([2, 3]).strides // => [3, 1]
 * layout([2, 3]) === layout([2, 3], [3, 1]) // => true
 */
export function layout(shape: readonly number[], strides?: readonly number[]): Layout {
  const steps = strides ?? rowMajorStrides(shape);
  const key = `${shape.join()}|${steps.join()}`;
  const known = interned.get(key);
  if (known !== undefined) return known;
  if (interned.size >= capacity) interned.clear();
  const made: Layout = {
    id: nextId++,
    shape: Object.freeze([...shape]),
    strides: Object.freeze([...steps]),
    ndim: shape.length,
    size: sizeOf(shape),
    contiguous: isRowMajor(shape, steps),
  };
  interned.set(key, made);
  return made;
}

/** The product of a shape; 1 for a scalar. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) size *= n;
  return size;
}

/** Strides of a row-major array: the last axis moves fastest. */
export function rowMajorStrides(shape: readonly number[]): number[] {
  const strides = new Array<number>(shape.length);
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = step;
    step *= Math.max(1, shape[axis] ?? 1);
  }
  return strides;
}

function isRowMajor(shape: readonly number[], strides: readonly number[]): boolean {
  let step = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    const n = shape[axis] ?? 1;
    if (n === 0) return true;
    if (n !== 1 && strides[axis] !== step) return false;
    step *= n;
  }
  return true;
}
