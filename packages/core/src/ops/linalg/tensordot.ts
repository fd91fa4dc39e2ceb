import type { DType } from "@chainrule/kernel";
import type { Promote } from "../../dtype/promote.js";
import { AxisError, formatShape, formatValue, ShapeError } from "../../errors.js";
import { resolveAxes, resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { contract, contraction } from "./contract.js";
import { productOperands } from "./product-operands.js";

/** How many last axes of `a` meet the first ones of `b`; or the axes of `a` and those of `b`. */
export type TensordotAxes = number | readonly [ofA: readonly number[], ofB: readonly number[]];

/**
 * The product of `a` and `b` summed over pairs of axes: the last `axes` of `a` with the first of
 * `b`, in order, or the listed axes of `a` with the listed ones of `b`.
 *
 * Shapes: the axes of `a` that are left, then those of `b`. With `axes` 0 it is the outer product.
 * Throws: AxisError for axes that do not exist, repeat or do not pair up; ShapeError when a pair of
 * extents differs; DTypeError for bool.
 *
 * @example
 * const x = tensor([[1, 2], [3, 4]]);
 * tensordot(x, x, 1) // => [[7, 10], [15, 22]]
 * tensordot(x, x, [[0, 1], [1, 0]]) // => 29
 *
 * @apart
 */
export function tensordot<A extends DType, B extends DType>(
  a: Tensor<A>,
  b: Tensor<B>,
  axes: TensordotAxes = 2,
): Tensor<Promote<A, B>> {
  const [x, y] = productOperands("tensordot", [a, b]) as [Tensor, Tensor];
  const [ofA, ofB] = resolvePairs(axes, x.shape, y.shape);
  const labelsA = x.shape.map((_, axis) => axis);
  const labelsB = y.shape.map((_, axis) => ofA[ofB.indexOf(axis)] ?? x.ndim + axis);
  const isLeft = (label: number): boolean => !ofA.includes(label);
  const output = [...labelsA.filter(isLeft), ...labelsB.filter(isLeft)];
  return contract(x, y, contraction(labelsA, labelsB, output)) as Tensor<Promote<A, B>>;
}

/** The axes that are summed, of `a` and of `b`, pair by pair. */
function resolvePairs(
  axes: TensordotAxes,
  a: readonly number[],
  b: readonly number[],
): [ofA: readonly number[], ofB: readonly number[]] {
  const [ofA, ofB] = typeof axes === "number" ? lastWithFirst(axes, a, b) : listed(axes, a, b);
  if (ofA.some((axis, i) => a[axis] !== b[ofB[i] ?? 0])) {
    throw new ShapeError("tensordot", "paired axes have one extent", {
      expected: `axes [${ofA}] of a and [${ofB}] of b to agree`,
      got: `a ${formatShape(a)} and b ${formatShape(b)}`,
    });
  }
  return [ofA, ofB];
}

function lastWithFirst(
  count: number,
  a: readonly number[],
  b: readonly number[],
): [number[], number[]] {
  const most = Math.min(a.length, b.length);
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new AxisError("tensordot", "both operands must have as many axes", {
      expected: `a whole number from 0 to ${most}`,
      got: `${count} for shapes ${formatShape(a)} and ${formatShape(b)}`,
      fix: "Name the axes: tensordot(a, b, [axesOfA, axesOfB]).",
    });
  }
  const ofB = Array.from({ length: count }, (_, i) => i);
  return [ofB.map((i) => a.length - count + i), ofB];
}

function listed(
  axes: readonly [readonly number[], readonly number[]],
  a: readonly number[],
  b: readonly number[],
): [number[], number[]] {
  const lists: readonly unknown[] = Array.isArray(axes) ? axes : [];
  const [ofA, ofB] = lists;
  const pairUp = Array.isArray(ofA) && Array.isArray(ofB) && ofA.length === ofB.length;
  if (!pairUp || lists.length !== 2) {
    throw new AxisError("tensordot", "axes pair up", {
      expected: "a number, or two lists of as many axes each: [axesOfA, axesOfB]",
      got: formatValue(axes),
      fix: "Of a matrix product they are [[1], [0]].",
    });
  }
  const resolve = (list: readonly number[], shape: readonly number[]): number[] => {
    resolveAxes("tensordot", list, shape); // distinct
    return list.map((axis) => resolveAxis("tensordot", axis, shape));
  };
  return [resolve(ofA, a), resolve(ofB, b)];
}
