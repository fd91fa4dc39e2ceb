// Arrays as the tests understand them: a shape, numbers in row-major order, and nested loops. Nothing
// of the library is used here, nor its ideas: no strides, no views, no offsets.

/** An array of numbers, row-major. */
export interface Plain {
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A range as in Python's `start:stop:step`. */
export interface Range {
  readonly start?: number;
  readonly stop?: number;
  readonly step?: number;
}

/** All indices of `shape`, row-major. */
export function indicesOf(shape: readonly number[]): number[][] {
  return shape.reduce<number[][]>(
    (heads, n) => heads.flatMap((head) => Array.from({ length: n }, (_, i) => [...head, i])),
    [[]],
  );
}

/** The array of `shape` whose element at each index is `at(index)`. */
export function build(shape: readonly number[], at: (index: readonly number[]) => number): Plain {
  return { shape, data: indicesOf(shape).map(at) };
}

/** The array of `shape` that counts 0, 1, 2, …. */
export function counting(shape: readonly number[]): Plain {
  let next = 0;
  return build(shape, () => next++);
}

/** The element of `x` at `index`. */
export function elementAt(x: Plain, index: readonly number[]): number {
  let place = 0;
  for (const [axis, n] of x.shape.entries()) place = place * n + (index[axis] ?? 0);
  const value = x.data[place];
  if (value === undefined) throw new Error(`no element [${index}] in shape [${x.shape}]`);
  return value;
}

export function permuted(x: Plain, axes: readonly number[]): Plain {
  const shape = axes.map((axis) => x.shape[axis] ?? 0);
  return build(shape, (index) => {
    const source: number[] = [];
    for (const [to, from] of axes.entries()) source[from] = index[to] ?? 0;
    return elementAt(x, source);
  });
}

export function flipped(x: Plain, axes: readonly number[]): Plain {
  return build(x.shape, (index) =>
    elementAt(
      x,
      index.map((i, axis) => (axes.includes(axis) ? (x.shape[axis] ?? 0) - 1 - i : i)),
    ),
  );
}

/** `x` at positions and ranges, one item per axis. */
export function indexed(x: Plain, items: readonly (number | Range)[]): Plain {
  const chosen = items.map((item, axis) => {
    const n = x.shape[axis] ?? 0;
    return typeof item === "number" ? [item < 0 ? item + n : item] : positionsOf(item, n);
  });
  const isKept = items.map((item) => typeof item !== "number");
  const lengths = chosen.map((positions) => positions.length);
  const picked = build(lengths, (index) =>
    elementAt(
      x,
      index.map((i, axis) => chosen[axis]?.[i] ?? 0),
    ),
  );
  return { shape: lengths.filter((_, axis) => isKept[axis]), data: picked.data };
}

/** The positions a range picks on an axis of `n`, as Python's `range(*slice.indices(n))`. */
export function positionsOf({ start, stop, step = 1 }: Range, n: number): number[] {
  const cut = (i: number): number => {
    const fromFront = i < 0 ? i + n : i;
    return step > 0
      ? Math.min(Math.max(fromFront, 0), n)
      : Math.min(Math.max(fromFront, -1), n - 1);
  };
  const from = start === undefined ? (step > 0 ? 0 : n - 1) : cut(start);
  const to = stop === undefined ? (step > 0 ? n : -1) : cut(stop);
  const positions: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) positions.push(i);
  return positions;
}

/** The shape that operands of these shapes have together; undefined when they do not fit. */
export function broadcastShape(shapes: readonly (readonly number[])[]): number[] | undefined {
  const ndim = Math.max(0, ...shapes.map((shape) => shape.length));
  const result: number[] = [];
  for (let axis = 0; axis < ndim; axis++) {
    const extents = shapes
      .map((shape) => shape[axis - ndim + shape.length] ?? 1)
      .filter((n) => n !== 1);
    const [extent = 1] = extents;
    if (extents.some((n) => n !== extent)) return undefined;
    result.push(extent);
  }
  return result;
}

/** Where in an array of `shape` the element lies that is repeated to `index` of a larger one. */
export function sourceIndex(shape: readonly number[], index: readonly number[]): number[] {
  return shape.map((n, axis) => (n === 1 ? 0 : (index[axis - shape.length + index.length] ?? 0)));
}

export function broadcast(x: Plain, shape: readonly number[]): Plain {
  return build(shape, (index) => elementAt(x, sourceIndex(x.shape, index)));
}

/** `fn` of the elements of operands that broadcast. */
export function mapped(fn: (...elements: number[]) => number, ...operands: Plain[]): Plain {
  const shape = broadcastShape(operands.map((operand) => operand.shape));
  if (shape === undefined) throw new Error("the operands do not broadcast");
  return build(shape, (index) =>
    fn(...operands.map((operand) => elementAt(operand, sourceIndex(operand.shape, index)))),
  );
}

/** `fn` of the elements of each group that differs in `axes` only, row-major. */
export function reduced(
  x: Plain,
  axes: readonly number[],
  keepdims: boolean,
  fn: (elements: readonly number[]) => number,
): Plain {
  const kept = x.shape.map((n, axis) => (axes.includes(axis) ? 1 : n));
  const inner = indicesOf(x.shape.map((n, axis) => (axes.includes(axis) ? n : 1)));
  const { data } = build(kept, (index) =>
    fn(
      inner.map((place) =>
        elementAt(
          x,
          index.map((i, axis) => i + (place[axis] ?? 0)),
        ),
      ),
    ),
  );
  return { shape: keepdims ? kept : kept.filter((_, axis) => !axes.includes(axis)), data };
}

/** The products of the matrices in the last two axes; a single axis is a row on the left, a column on the right. */
export function multiplied(x: Plain, y: Plain): Plain {
  const left = x.shape.length === 1 ? { ...x, shape: [1, ...x.shape] } : x;
  const right = y.shape.length === 1 ? { ...y, shape: [...y.shape, 1] } : y;
  const batches = [left, right].map(({ shape }) => shape.slice(0, -2));
  const batch = broadcastShape(batches);
  if (batch === undefined) throw new Error("the batches do not broadcast");
  const depth = left.shape.at(-1) ?? 0;
  const whole = build([...batch, left.shape.at(-2) ?? 0, right.shape.at(-1) ?? 0], (index) => {
    const [row = 0, column = 0] = index.slice(-2);
    const [a, b] = batches.map((own) => sourceIndex(own, index.slice(0, -2)));
    let sum = 0;
    for (let k = 0; k < depth; k++) {
      sum += elementAt(left, [...(a ?? []), row, k]) * elementAt(right, [...(b ?? []), k, column]);
    }
    return sum;
  });
  const isDropped = [...batch.map(() => false), x.shape.length === 1, y.shape.length === 1];
  return { ...whole, shape: whole.shape.filter((_, axis) => isDropped[axis] !== true) };
}

export function joined(parts: readonly Plain[], axis: number): Plain {
  const [first] = parts;
  if (first === undefined) throw new Error("nothing to join");
  const lengths = parts.map((part) => part.shape[axis] ?? 0);
  const total = lengths.reduce((sum, n) => sum + n, 0);
  const shape = first.shape.map((n, d) => (d === axis ? total : n));
  return build(shape, (index) => {
    let position = index[axis] ?? 0;
    for (const [p, part] of parts.entries()) {
      const length = lengths[p] ?? 0;
      if (position < length) {
        return elementAt(
          part,
          index.map((i, d) => (d === axis ? position : i)),
        );
      }
      position -= length;
    }
    throw new Error("past the end");
  });
}

export function padded(
  x: Plain,
  widths: readonly (readonly [before: number, after: number])[],
  value: number,
): Plain {
  const shape = x.shape.map((n, axis) => n + (widths[axis]?.[0] ?? 0) + (widths[axis]?.[1] ?? 0));
  return build(shape, (index) => {
    const source = index.map((i, axis) => i - (widths[axis]?.[0] ?? 0));
    const isInside = source.every((i, axis) => i >= 0 && i < (x.shape[axis] ?? 0));
    return isInside ? elementAt(x, source) : value;
  });
}

/** Element `indices[i, j, …]` along `axis` for each index; NaN outside. */
export function gathered(x: Plain, indices: Plain, axis: number): Plain {
  const n = x.shape[axis] ?? 0;
  return build(indices.shape, (index) => {
    const position = elementAt(indices, index);
    if (position < 0 || position >= n) return Number.NaN;
    return elementAt(
      x,
      index.map((i, d) => (d === axis ? position : i)),
    );
  });
}
