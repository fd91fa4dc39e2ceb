// The primitive under everything that sorts.

import {
  call,
  cast,
  coord,
  type Expr,
  layout,
  load,
  operandSpec,
  stageValue,
} from "@chainrule/kernel";
import { apply } from "../../engine/apply.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type Step,
  type TensorSpec,
  tensorSpec,
} from "../../op/primitive.js";
import type { Tensor } from "../../tensor/tensor.js";
import { isLess } from "./total-order.js";

interface RankAttrs extends Attrs {
  readonly axis: number;
  readonly descending: boolean;
}

const rankPrimitive: Primitive<RankAttrs> = definePrimitive<RankAttrs>({
  name: "rank",
  infer: (inputs) => ({ shape: tensorSpec("rank", inputs, 0).shape, dtype: "int32" }),
  lower: (inputs, _output, attrs) => [lowerRank(tensorSpec("rank", inputs, 0), attrs)],
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
function lowerRank(x: TensorSpec, { axis, descending }: RankAttrs): Step {
  const ndim = x.shape.length;
  const elementAt = (place: number): Expr =>
    load(
      0,
      x.dtype,
      x.shape.map((_, d) => coord(d === axis ? place : d)),
    );
  const precedes = (a: Expr, b: Expr): Expr => (descending ? isLess(b, a) : isLess(a, b));
  const [own, other] = [elementAt(axis), elementAt(ndim)];
  // Of equal elements the earlier one comes first.
  const earlier = call("lt", coord(ndim), coord(axis));
  const before = call("select", earlier, call("not", precedes(own, other)), precedes(other, own));
  const target = layout(x.shape);
  return {
    kernel: {
      name: "rank",
      outer: ndim,
      axes: [...x.shape.map((_, dim) => ({ operand: 1, dim })), { operand: 0, dim: axis }],
      inputs: [operandSpec(x.dtype, x.layout)],
      scalars: [],
      stages: [{ axes: [ndim], reduce: "sum", value: cast(before, "int32"), dtype: "int32" }],
      outputs: [{ ...operandSpec("int32", target), value: stageValue(0, "int32") }],
    },
    inputs: [{ source: 0, layout: x.layout }],
    scalars: [],
    output: { layout: target, offset: 0 },
  };
}
