// What the bitwise operations share: floats are refused, and bool unless it has a meaning.

import { type Expr, kindOf } from "@chainrule/kernel";
import { DTypeError } from "../../errors.js";
import type { NonDifferentiable } from "../../op/primitive.js";

/**
 * Why there is no gradient.
 *
 * @internal
 */
export const wholeResults: NonDifferentiable = {
  nonDifferentiable: "its results are whole numbers",
};

/**
 * `ints` for operands of an int dtype, `bools` for bool ones. Throws: {@link DTypeError} for others.
 *
 * @internal
 */
export function bitwise<A extends readonly [Expr, ...Expr[]]>(
  op: string,
  ints: (...operands: A) => Expr,
  bools?: (...operands: A) => Expr,
): (...operands: A) => Expr {
  return (...operands) => {
    const [{ dtype }] = operands;
    const kind = kindOf(dtype);
    if (kind === "int") return ints(...operands);
    if (kind === "bool" && bools !== undefined) return bools(...operands);
    throw new DTypeError(op, "only whole numbers are made of bits", {
      expected: bools === undefined ? "int32 or uint8" : "int32, uint8 or bool",
      got: dtype,
      fix: 'Convert with astype("int32"), and use whole numbers.',
    });
  };
}
