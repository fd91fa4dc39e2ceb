import { call, type DType } from "@chainrule/kernel";
import type { FloatOf } from "../../dtype/promote.js";
import type { Input } from "../../op/primitive.js";
import { type BinaryFloatOp, binary, type With } from "../../op/unary-binary.js";
import type { Tensor } from "../../tensor/tensor.js";
import { greater } from "./greater.js";
import { mul } from "./mul.js";
import { where } from "./where.js";

const leaky: BinaryFloatOp = binary({
  name: "leakyRelu",
  expr: (x, slope) => call("select", call("gt", x, 0), x, call("mul", x, slope)),
  saves: "inputs",
  vjp: [
    (grad, { a: x, b: slope }) => where(greater(x, 0), grad, mul(grad, slope)),
    (grad, { a: x }) => where(greater(x, 0), 0, mul(grad, x)),
  ],
});

/**
 * `x` above 0 and `negativeSlope · x` elsewhere: a ReLU whose units never stop learning.
 *
 * At 0 the derivative is `negativeSlope`, as in PyTorch. A slope that is a tensor broadcasts and has a
 * gradient too, for a parametric ReLU.
 *
 * Source: Maas, Hannun, Ng 2013, Rectifier nonlinearities improve neural network acoustic models.
 *
 * @example
 * leakyRelu(tensor([-2, 3]), 0.5) // => [-1, 3]
 */
export function leakyRelu<D extends DType, S extends Input = number>(
  x: Tensor<D>,
  negativeSlope: S = 0.01 as S,
): Tensor<FloatOf<With<D, S>>> {
  return leaky<Tensor<D>, S>(x, negativeSlope);
}
