// Indices as users give them, where negative ones count from the end, made into positions.

import { call, constant, type Expr } from "@chainrule/kernel";
import { apply } from "../../engine/apply.js";
import { defineElementwise } from "../../op/elementwise.js";
import { type Input, noAttrs, type Primitive } from "../../op/primitive.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";

const placePrimitive: Primitive = defineElementwise({
  name: "place",
  dtypes: "number",
  expr: (...operands) => {
    const [before, index, extent] = operands as [Expr, Expr, Expr];
    const fromStart = call("select", call("lt", index, 0), call("add", index, extent), index);
    const inside = call("and", call("ge", fromStart, 0), call("lt", fromStart, extent));
    const whole = call("and", inside, call("ge", before, 0));
    const place = call("add", call("mul", before, extent), fromStart);
    return call("select", whole, place, constant(-1, place.dtype));
  },
  vjp: { nonDifferentiable: "its results are positions" },
});

/**
 * The row-major position `before · extent + index`, -1 where either part lies outside its axis; a
 * negative index counts from the end of an axis of `extent`.
 *
 * @internal
 */
export function placeOf(indices: Tensor, extent: number, before: Input = 0): Tensor {
  return apply(placePrimitive, [before, astype(indices, "int32"), extent], noAttrs);
}
