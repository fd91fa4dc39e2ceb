// Reductions over axes: one stage that sums, multiplies or picks, over the axes that disappear.

import { coord, type DType, type Expr, load, type Reducer } from "@chainrule/kernel";
import { apply, ensureTensor } from "../engine/apply.js";
import { formatShape, ShapeError } from "../errors.js";
import { type Axis, resolveAxes } from "../shape/axis.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  type Attrs,
  definePrimitive,
  type NonDifferentiable,
  type Primitive,
  type Step,
  type TensorSpec,
  type Vjp,
} from "./primitive.js";
import { reduceStep } from "./step.js";

/** What happens to the reduced axes: dropped, or kept with extent 1. */
export interface ReduceOptions {
  readonly keepdims?: boolean | undefined;
}

/** The attributes of a reduction: axes counted from 0 in ascending order. */
export interface ReduceAttrs extends Attrs {
  readonly axes: readonly number[];
  readonly keepdims: boolean;
  /** Whether all axes were meant, rather than named. */
  readonly all: boolean;
}

/** The definition of a reduction. */
export interface ReductionDefinition {
  readonly name: string;
  readonly reduce: Reducer;
  /** The dtype of the result for an operand of `dtype`; throws for one it does not take. */
  readonly dtype: (dtype: DType) => DType;
  /** The element that is reduced, from the operand converted to the accumulator's dtype. */
  readonly convert: (x: Expr, dtype: DType) => Expr;
  /** Whether an empty set has a result (0 for a sum, 1 for a product). */
  readonly emptyHasResult: boolean;
  readonly vjp: Vjp<ReduceAttrs> | NonDifferentiable;
  readonly saves?: "nothing" | "inputs" | "output" | "both";
}

/** A reduction as a function of axes. */
export interface ReductionOp {
  (x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor;
  readonly primitive: Primitive<ReduceAttrs>;
  /** The same over axes that are known to be in order and to exist. */
  over(x: Tensor, axes: readonly number[], keepdims: boolean, all: boolean): Tensor;
}

/** Defines a reduction primitive. */
export function defineReduction(definition: ReductionDefinition): ReductionOp {
  const { name, vjp } = definition;
  const primitive: Primitive<ReduceAttrs> = definePrimitive<ReduceAttrs, [TensorSpec]>({
    name,
    infer: ([{ shape, dtype }], { axes, keepdims }) => {
      if (!definition.emptyHasResult) ensureNotEmpty(name, shape, axes);
      return { shape: reducedShape(shape, axes, keepdims), dtype: definition.dtype(dtype) };
    },
    lower: ([x], output, { axes }) => [lowerReduction(definition, x, output.dtype, axes)],
    vjp: typeof vjp === "function" ? [vjp] : vjp,
    saves: definition.saves ?? "nothing",
    // Over all axes of one example means over all but the leading axis here.
    batch: ([x], _batched, { axes, keepdims, all }) =>
      reduceOver(
        x as Tensor,
        axes.map((axis) => axis + 1),
        keepdims,
        all,
      ),
  });
  const reduceOver = (
    x: Tensor,
    axes: readonly number[],
    keepdims: boolean,
    all: boolean,
  ): Tensor => apply(primitive, [x], { key: axesKey(axes, keepdims, all), axes, keepdims, all });
  const run = (x: Tensor, axis?: Axis, options?: ReduceOptions): Tensor => {
    ensureTensor(name, x);
    const axes = resolveAxes(name, axis, x.layout.shape);
    return reduceOver(x, axes, options?.keepdims ?? false, axis === undefined);
  };
  return Object.assign(run, { primitive, over: reduceOver });
}

/** A number for a set of axes and the flags. */
function axesKey(axes: readonly number[], keepdims: boolean, all: boolean): number {
  let key = (keepdims ? 1 : 0) + (all ? 2 : 0);
  for (const axis of axes) key += 2 ** (axis + 2);
  return key;
}

/** The shape that is left of `shape` after reducing `axes`. */
export function reducedShape(
  shape: readonly number[],
  axes: readonly number[],
  keepdims: boolean,
): number[] {
  return keepdims
    ? shape.map((n, axis) => (axes.includes(axis) ? 1 : n))
    : shape.filter((_, axis) => !axes.includes(axis));
}

/** `reduced`, which lost `axes`, back with those axes as extent 1. */
export function restoreAxes(reduced: Tensor, spec: TensorSpec, axes: readonly number[]): Tensor {
  return reduced.reshape(reducedShape(spec.shape, axes, true));
}

function lowerReduction(
  { name, reduce, convert }: ReductionDefinition,
  x: TensorSpec,
  dtype: DType,
  axes: readonly number[],
): Step {
  const kept = x.shape.flatMap((_, axis) => (axes.includes(axis) ? [] : [axis]));
  // Kernel axes: the kept ones in order, then the reduced ones.
  const order = [...kept, ...axes];
  const index = x.shape.map((_, axis) => coord(order.indexOf(axis)));
  const output = { shape: kept.map((axis) => x.shape[axis] ?? 1), dtype };
  const inner = axes.map((dim) => ({ operand: 0, dim }));
  return reduceStep(
    { name, inputs: [x], output, inner },
    reduce,
    convert(load(0, x.dtype, index), dtype),
  );
}

function ensureNotEmpty(op: string, shape: readonly number[], axes: readonly number[]): void {
  if (axes.every((axis) => shape[axis] !== 0)) return;
  throw new ShapeError(op, "nothing has no extreme element", {
    expected: "reduced axes of extent 1 at least",
    got: `axes [${axes}] of shape ${formatShape(shape)}`,
  });
}
