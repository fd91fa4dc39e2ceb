// The primitive under everything that sorts.

import { call, cast, coord, type Expr, load } from "@chainrule/kernel";
import { apply } from "../../engine/apply.js";
import {
  type Attrs,
  definePrimitive,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import { coordinates, reduceStep } from "../../op/step.js";
import type { Tensor } from "../../tensor/tensor.js";
import { isLess } from "./total-order.js";

interface RankAttrs extends Attrs {
  readonly axis: number;
  readonly descending: boolean;
}

const rankPrimitive: Primitive<RankAttrs> = definePrimitive<RankAttrs, [TensorSpec]>({
  name: "rank",
  infer: ([{ shape }]) => ({ shape, dtype: "int32" }),
  lower: ([x], output, attrs) => [lowerRank(x, output, attrs)],
  vjp: { nonDifferentiable: "its results are positions" },
  saves: "nothing",
  batch: ([x], _batched, { axis, descending }) => rank(x as Tensor, axis + 1, descending),
  routine: {
    name: "rank",
    run: (routines, [x], output, { axis, descending }) => {
      if (x !== undefined) routines.rank(x, axis, descending, output);
    },
  },
});

/**
 * The position of each element of `x` once its line along `axis`, counted from 0, is sorted. Equal
 * elements keep their order; NaN is greater than everything.
 *
 * @internal
 */
export function rank(x: Tensor, axis: number, descending: boolean): Tensor<"int32"> {
  const attrs = { key: 2 * axis + (descending ? 1 : 0), axis, descending };
  return apply(rankPrimitive, [x], attrs) as Tensor<"int32">;
}

/** Without a sort on the device: every element counts those that come before it. */
function lowerRank(x: TensorSpec, output: OutputSpec, { axis, descending }: RankAttrs): Step {
  const inner = coord(x.shape.length);
  const own = load(0, x.dtype, coordinates(x.shape));
  const other = load(0, x.dtype, coordinates(x.shape, axis, inner));
  const precedes = (a: Expr, b: Expr): Expr => (descending ? isLess(b, a) : isLess(a, b));
  // Of equal elements the earlier one comes first.
  const earlier = call("lt", inner, coord(axis));
  const before = call("select", earlier, call("not", precedes(own, other)), precedes(other, own));
  return reduceStep(
    { name: "rank", inputs: [x], output, inner: [{ operand: 0, dim: axis }] },
    "sum",
    cast(before, "int32"),
  );
}
