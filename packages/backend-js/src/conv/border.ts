// Arrays around the input of a convolution in which every window lies inside.

import { layout, type Operand } from "@chainrule/kernel";
import type { BufferPool } from "../buffer.js";
import { copyElements } from "../rows.js";
import type { Extents } from "./matrices.js";

/** An array that holds all windows, and the part of it that is the input. */
export interface Surroundings {
  readonly whole: Operand;
  readonly inner: Operand;
}

/** `x` where all windows lie inside, else a copy within zeros. */
export function withBorder(x: Operand, of: Extents, pool: BufferPool): Operand {
  const around = zerosAround(x, of, pool);
  if (around === undefined) return x;
  copyElements(x, around.inner);
  return around.whole;
}

/** Zeros for the input [N, C, ...S] `x` and all windows; undefined where `x` holds them. */
export function zerosAround(x: Operand, of: Extents, pool: BufferPool): Surroundings | undefined {
  const {
    dtype,
    layout: { shape },
  } = x;
  const extents = reach(shape, of);
  if (extents.every((extent, d) => extent === shape[2 + d])) return undefined;
  const around = layout([...shape.slice(0, 2), ...extents]);
  const buffer = pool.make(around.size, dtype);
  buffer.data.fill(0);
  const start = of.axes.reduce(
    (sum, axis, d) => sum + axis.before * (around.strides[2 + d] ?? 0),
    0,
  );
  return {
    whole: { buffer, layout: around, offset: 0, dtype },
    inner: { buffer, layout: layout(shape, around.strides), offset: start, dtype },
  };
}

/** The extents that hold the input and all windows. */
function reach(shape: readonly number[], { axes, taps, windows }: Extents): number[] {
  return axes.map(({ stride, dilation, before }, d) => {
    const last = ((windows[d] ?? 0) - 1) * stride + ((taps[d] ?? 0) - 1) * dilation;
    return Math.max((shape[2 + d] ?? 0) + before, last + 1);
  });
}
