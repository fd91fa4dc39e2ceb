import { call, constant } from "@chainrule/kernel";
import type { Input } from "../../op/primitive.js";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { div } from "./div.js";
import { equal } from "./equal.js";
import { where } from "./where.js";

/**
 * `√(a² + b²)`, element by element with broadcasting, without overflow of the squares; Infinity
 * where an operand is infinite, the other one NaN included.
 *
 * The gradient of `a` is `a / hypot(a, b)`. At (0, 0), where PyTorch gives NaN, it is 0; of an
 * infinite operand it is NaN.
 *
 * @example
 * hypot(tensor([3, 5]), tensor([4, 12])) // => [5, 13]
 */
export const hypot: BinaryFloatOp = binary({
  name: "hypot",
  // larger · √(1 + (smaller / larger)²)
  expr: (a, b) => {
    const [x, y] = [call("abs", a), call("abs", b)];
    const larger = call("max", x, y);
    const ratio = call("div", call("min", x, y), larger);
    const length = call("mul", larger, call("sqrt", call("add", call("mul", ratio, ratio), 1)));
    const infinite = call("or", call("eq", x, Infinity), call("eq", y, Infinity));
    return call(
      "select",
      infinite,
      constant(Infinity, x.dtype),
      call("select", call("eq", larger, 0), larger, length),
    );
  },
  saves: "both",
  vjp: [
    (grad, { a, output }) => grad.mul(cosine(a, output)),
    (grad, { b, output }) => grad.mul(cosine(b, output)),
  ],
});

/** `side / hypotenuse`, and 0 with all its derivatives where the hypotenuse is 0. */
function cosine(side: Input, hypotenuse: Tensor): Tensor {
  const isPoint = equal(hypotenuse, 0);
  return where(isPoint, 0, div(side, where(isPoint, 1, hypotenuse)));
}
