import { call, cast } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../op/unary-binary.js";

/** The top 24 of 32 random bits as a number in [0, 1): exact in float32. */
export const bitsToUniform: UnaryFloatOp = unary({
  name: "bitsToUniform",
  expr: (bits) => call("mul", cast(call("shiftRightLogical", bits, 8), "float32"), 2 ** -24),
  dtypes: "any",
  vjp: { nonDifferentiable: "its operand is made of bits" },
});
