import { call } from "@chainrule/kernel";
import { type BinaryOp, binary, zeroDerivative } from "../../op/unary-binary.js";

/**
 * `⌊a / b⌋`, rounded towards minus infinity. Ints divided by 0 give 0. Its derivative is 0.
 *
 * @example
 * floorDivide(tensor([7, -7]), 2) // => [3, -4]
 *
 * @method
 */
export const floorDivide: BinaryOp = binary({
  name: "floorDivide",
  expr: (a, b) => call("floorDiv", a, b),
  dtypes: "number",
  vjp: [zeroDerivative, zeroDerivative],
});
