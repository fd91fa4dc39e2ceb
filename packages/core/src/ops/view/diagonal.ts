import type { DType } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatValue, ValueError } from "../../errors.js";
import type { Attrs } from "../../op/primitive.js";
import { defineView, type ViewOp, viewOf } from "../../op/view.js";
import { ensureMatrix } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { padInterior } from "../join/pad.js";

interface DiagonalAttrs extends Attrs {
  readonly offset: number;
}

const diagonalView: ViewOp<DiagonalAttrs> = defineView<DiagonalAttrs>({
  name: "diagonal",
  view: ({ shape, strides }, { offset }) => {
    const [rowStep = 0, columnStep = 0] = strides.slice(-2);
    const { row, column, length } = locate(shape, offset);
    return viewOf(
      [...shape.slice(0, -2), length],
      [...strides.slice(0, -2), rowStep + columnStep],
      // A view of no elements starts where its operand does, never beyond its end.
      length === 0 ? 0 : row * rowStep + column * columnStep,
    );
  },
  // Of a matrix read row by row, each element of a diagonal comes one row and one column later.
  vjp: (grad, saved) => {
    const { shape } = saved.spec(0);
    const batch = shape.slice(0, -2);
    const [rows = 0, columns = 0] = shape.slice(-2);
    const { row, column, length } = locate(shape, saved.attrs.offset);
    const before = length === 0 ? 0 : row * columns + column;
    const span = length === 0 ? 0 : (length - 1) * (columns + 1) + 1;
    const margins = { before, after: rows * columns - before - span, between: columns };
    const whole = batch.map(() => ({ before: 0, after: 0, between: 0 }));
    return padInterior(grad, [...whole, margins]).reshape(shape);
  },
  batch: ([x], _batched, { offset }) => diagonal(x as Tensor, offset),
});

/** Where the diagonal `offset` of the last two axes starts, and how long it is. */
function locate(
  shape: readonly number[],
  offset: number,
): { row: number; column: number; length: number } {
  const [rows = 0, columns = 0] = shape.slice(-2);
  const row = Math.max(0, -offset);
  const column = Math.max(0, offset);
  return { row, column, length: Math.max(0, Math.min(rows - row, columns - column)) };
}

/**
 * The elements of each matrix whose column is `offset` more than their row. A view.
 *
 * Shapes: [..., n, m] → [..., k], k being the length of the diagonal, 0 beyond the corners.
 * Throws: AxisError for fewer than two axes; ValueError unless `offset` is whole.
 *
 * @example
 * diagonal(tensor([[1, 2], [3, 4]])) // => [1, 4]
 * diagonal(tensor([[1, 2], [3, 4]]), 1) // => [2]
 *
 * @method
 */
export function diagonal<D extends DType>(x: Tensor<D>, offset = 0): Tensor<D> {
  ensureDiagonal("diagonal", x, offset);
  return diagonalView(x, { key: offset, offset }) as Tensor<D>;
}

/**
 * Throws: {@link AxisError} for fewer than two axes, {@link ValueError} unless `offset` is whole.
 *
 * @internal
 */
export function ensureDiagonal(op: string, x: Tensor, offset: number): void {
  ensureTensor(op, x);
  ensureMatrix(op, x.shape);
  if (Number.isSafeInteger(offset)) return;
  throw new ValueError(op, "diagonals are counted in whole numbers", {
    expected: "0 for the main one, 1 for the next above, -1 for the next below",
    got: formatValue(offset),
  });
}
