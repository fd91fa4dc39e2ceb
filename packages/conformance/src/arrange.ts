// The same elements lying differently in memory: what an operation computes must not depend on it.

import { type Backend, type Tensor, tensor } from "@chainrule/core";
import { type DType, isFloat, sizeOf } from "@chainrule/kernel";
import { storedAs } from "./values.js";

/**
 * How elements lie: in order; column by column; backwards; or every second one of a larger array,
 * with other values in between.
 */
export type Arrangement = "row-major" | "transposed" | "reversed" | "spaced";

/** The arrangements other than row-major that differ from it for an array of `shape`. */
export function arrangementsOf(shape: readonly number[]): Arrangement[] {
  if (shape.length === 0) return [];
  return shape.length === 1 ? ["reversed", "spaced"] : ["transposed", "reversed", "spaced"];
}

/** A tensor of row-major `data` in `shape`, lying in memory as asked. */
export function arranged(
  backend: Backend,
  data: readonly number[],
  shape: readonly number[],
  dtype: DType,
  arrangement: Arrangement,
): Tensor {
  const make = (elements: readonly number[], extents: readonly number[]): Tensor =>
    tensor(storedAs(elements, dtype), { dtype, shape: extents, backend });
  if (shape.length === 0) return make(data, shape);
  switch (arrangement) {
    case "row-major":
      return make(data, shape);
    case "reversed":
      return make(data.toReversed(), shape).flip();
    case "transposed":
      return make(
        transposedOrder(shape).map((i) => data[i] ?? 0),
        shape.toReversed(),
      ).T;
    case "spaced":
      return spaced(make, data, shape, dtype);
    default:
      return arrangement satisfies never;
  }
}

/** For each element of the transposed array, its row-major position in the original. */
function transposedOrder(shape: readonly number[]): number[] {
  let order = [0];
  let step = 1;
  // Axes from the last to the first become axes from the first to the last.
  for (const n of shape.toReversed()) {
    const stride = step;
    order = order.flatMap((start) => Array.from({ length: n }, (_, i) => start + i * stride));
    step *= n;
  }
  return order;
}

function spaced(
  make: (elements: readonly number[], extents: readonly number[]) => Tensor,
  data: readonly number[],
  shape: readonly number[],
  dtype: DType,
): Tensor {
  const wide = shape.map((n) => 2 * n + 1);
  const poison = isFloat(dtype) ? Number.NaN : dtype === "bool" ? 1 : 77;
  const elements = new Array<number>(sizeOf(wide)).fill(poison);
  for (const [i, value] of data.entries()) {
    let rest = i;
    let place = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const n = shape[axis] ?? 1;
      place += (2 * (rest % n) + 1) * step;
      rest = Math.floor(rest / n);
      step *= wide[axis] ?? 1;
    }
    elements[place] = value;
  }
  const slices = shape.map((n) => ({ start: 1, stop: 2 * n + 1, step: 2 }));
  return make(elements, wide).at(...slices);
}
