import { call, convertNumber, type DType, isFloat } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { type BinaryOp, binary } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { greaterEqual } from "./greater-equal.js";
import { lessEqual } from "./less-equal.js";
import { where } from "./where.js";

// Not maximum and minimum: at a bound their ties halve the gradient, clip passes all of it.
const clipBelow: BinaryOp = binary({
  name: "clipBelow",
  expr: (x, min) => call("max", x, min),
  dtypes: "number",
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => where(greaterEqual(a, b), grad, 0),
    (grad, { a, b }) => where(greaterEqual(a, b), 0, grad),
  ],
});

const clipAbove: BinaryOp = binary({
  name: "clipAbove",
  expr: (x, max) => call("min", x, max),
  dtypes: "number",
  saves: "inputs",
  vjp: [
    (grad, { a, b }) => where(lessEqual(a, b), grad, 0),
    (grad, { a, b }) => where(lessEqual(a, b), 0, grad),
  ],
});

/**
 * `x` limited to `[min, max]`; either bound may be left out, NaN stays NaN.
 *
 * The gradient passes where x is inside, the bounds included, as in PyTorch. Fractional bounds make
 * an int tensor float32.
 *
 * @example
 * clip(tensor([-2, 0.5, 7]), 0, 1) // => [0, 0.5, 1]
 *
 * @method
 */
export function clip<D extends DType>(x: Tensor<D>, min?: number, max?: number): Tensor<D> {
  ensureTensor("clip", x);
  let result: Tensor = x;
  if (min !== undefined) result = clipBelow(result, bound(min, x.dtype));
  if (max !== undefined) result = clipAbove(result, bound(max, x.dtype));
  return result as Tensor<D>;
}

/** A whole bound outside an integer dtype limits as the nearest one inside; it must not wrap. */
function bound(value: number, dtype: DType): number {
  const limits = !isFloat(dtype) && (Number.isInteger(value) || !Number.isFinite(value));
  return limits && !Number.isNaN(value) ? convertNumber(value, dtype) : value;
}
