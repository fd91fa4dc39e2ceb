// The product of two tensors whose axes have labels, summed over the labels that the result lacks:
// what matrix products, inner and outer products and their derivatives have in common.

import { call, cast, coord, type Expr, load, recognizeContraction } from "@chainrule/kernel";
import { apply } from "../../engine/apply.js";
import {
  type Attrs,
  definePrimitive,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import { elementStep, reduceStep, type Seen } from "../../op/step.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * One label for each axis of a tensor, all different.
 *
 * @internal
 */
export type Labels = readonly number[];

/**
 * The labels of both operands and of the result. A label stands for one extent; those of one operand
 * only are in `output`, all others that `output` lacks are summed over.
 *
 * @internal
 */
export interface Contraction extends Attrs {
  readonly a: Labels;
  readonly b: Labels;
  readonly output: Labels;
}

const contractPrimitive: Primitive<Contraction> = definePrimitive<
  Contraction,
  [x: TensorSpec, y: TensorSpec]
>({
  name: "contract",
  infer: ([x, y], { a, b, output }) => {
    const extent = (label: number): number =>
      x.shape[a.indexOf(label)] ?? y.shape[b.indexOf(label)] ?? 1;
    return { shape: output.map(extent), dtype: x.dtype };
  },
  lower: (inputs, output, attrs) => [lowerProduct("contract", inputs, output, attrs)],
  saves: "inputs",
  // The product is linear in each operand, so its derivatives are such products again.
  vjp: [
    (grad, { b: y, attrs: { a, b, output } }) =>
      contract(grad, y as Tensor, contraction(output, b, a)),
    (grad, { a: x, attrs: { a, b, output } }) =>
      contract(x as Tensor, grad, contraction(a, output, b)),
  ],
  batch: ([x, y], [xBatched, yBatched], { a, b, output }) => {
    const batch = Math.max(0, ...a, ...b) + 1;
    const [ofX, ofY] = [xBatched ? [batch, ...a] : a, yBatched ? [batch, ...b] : b];
    return contract(x as Tensor, y as Tensor, contraction(ofX, ofY, [batch, ...output]));
  },
});

/**
 * The labels of a contraction with the key of its plans.
 *
 * @internal
 */
export function contraction(a: Labels, b: Labels, output: Labels): Contraction {
  return { key: `${a}|${b}|${output}`, a, b, output };
}

/**
 * The product of `x` and `y`, both of one dtype other than bool, summed over the labels that the
 * result lacks.
 *
 * @internal
 */
export function contract(x: Tensor, y: Tensor, labels: Contraction): Tensor {
  return apply(contractPrimitive, [x, y], labels);
}

/**
 * The loops of the product of `x` and `y` with these labels, both converted to the dtype of the
 * output; with a note for backends that have a fast way where it is a product of matrices.
 *
 * @internal
 */
export function lowerProduct(
  name: string,
  [x, y]: readonly [Seen, Seen],
  output: OutputSpec,
  { a, b, output: labels }: Omit<Contraction, "key">,
): Step {
  const summed = a.filter((label) => !labels.includes(label));
  const axes = [...labels, ...summed];
  const factor = (input: number, { dtype }: Seen, own: Labels): Expr => {
    const index = own.map((label) => coord(axes.indexOf(label)));
    return cast(load(input, dtype, index), output.dtype);
  };
  const product = call("mul", factor(0, x, a), factor(1, y, b));
  const inner = summed.map((label) => ({ operand: 0, dim: a.indexOf(label) }));
  const loops = { name, inputs: [x, y], output, inner };
  if (summed.length === 0) return elementStep(loops, product);
  const step = reduceStep(loops, "sum", product);
  const contraction = recognizeContraction(step.kernel);
  return contraction === undefined ? step : { ...step, kernel: { ...step.kernel, contraction } };
}
