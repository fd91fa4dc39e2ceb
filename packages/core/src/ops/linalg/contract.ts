// The product of two tensors whose axes have labels, summed over the labels that the result lacks:
// what matrix products, inner and outer products and their derivatives have in common.

import {
  call,
  coord,
  type Expr,
  type Kernel,
  layout,
  load,
  operandSpec,
  recognizeContraction,
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

const contractPrimitive: Primitive<Contraction> = definePrimitive<Contraction>({
  name: "contract",
  infer: (inputs, { a, b, output }) => {
    const x = tensorSpec("contract", inputs, 0);
    const y = tensorSpec("contract", inputs, 1);
    const extent = (label: number): number =>
      x.shape[a.indexOf(label)] ?? y.shape[b.indexOf(label)] ?? 1;
    return { shape: output.map(extent), dtype: x.dtype };
  },
  lower: (inputs, { shape }, attrs) => [
    lowerContract(
      tensorSpec("contract", inputs, 0),
      tensorSpec("contract", inputs, 1),
      shape,
      attrs,
    ),
  ],
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

function lowerContract(
  x: TensorSpec,
  y: TensorSpec,
  shape: readonly number[],
  { a, b, output }: Contraction,
): Step {
  const { dtype } = x;
  const summed = a.filter((label) => !output.includes(label));
  const axes = [...output, ...summed];
  const at = (labels: Labels): Expr[] => labels.map((label) => coord(axes.indexOf(label)));
  const product = call("mul", load(0, dtype, at(a)), load(1, dtype, at(b)));
  const sum = {
    axes: summed.map((_, i) => output.length + i),
    reduce: "sum",
    value: product,
    dtype,
  } as const;
  const isSum = summed.length > 0;
  const target = layout(shape);
  const kernel: Kernel = {
    name: "contract",
    outer: output.length,
    axes: [
      ...output.map((_, dim) => ({ operand: 2, dim })),
      ...summed.map((label) => ({ operand: 0, dim: a.indexOf(label) })),
    ],
    inputs: [operandSpec(dtype, x.layout), operandSpec(dtype, y.layout)],
    scalars: [],
    stages: isSum ? [sum] : [],
    outputs: [{ ...operandSpec(dtype, target), value: isSum ? stageValue(0, dtype) : product }],
  };
  const note = recognizeContraction(kernel);
  return {
    kernel: note === undefined ? kernel : { ...kernel, contraction: note },
    inputs: [
      { source: 0, layout: x.layout },
      { source: 1, layout: y.layout },
    ],
    scalars: [],
    output: { layout: target, offset: 0 },
  };
}
