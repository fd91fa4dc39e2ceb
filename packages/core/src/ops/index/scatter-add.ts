import {
  call,
  constant,
  coord,
  type DType,
  layout,
  load,
  operandSpec,
  stageValue,
} from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import { spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type Step,
  type TensorSpec,
  tensorSpec,
} from "../../op/primitive.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { ensureIndices } from "./indices.js";

interface ScatterAttrs extends Attrs {
  readonly axis: number;
}

const scatterAddPrimitive: Primitive<ScatterAttrs> = definePrimitive<ScatterAttrs>({
  name: "scatterAdd",
  infer: (inputs) => {
    const { shape, dtype } = tensorSpec("scatterAdd", inputs, 0);
    return { shape, dtype };
  },
  lower: (inputs, _output, { axis }) => [
    lowerScatterAdd(
      tensorSpec("scatterAdd", inputs, 0),
      tensorSpec("scatterAdd", inputs, 1),
      tensorSpec("scatterAdd", inputs, 2),
      axis,
    ),
  ],
  saves: "inputs",
  vjp: [
    (grad) => grad,
    (grad) => grad,
    (grad, { inputs: [, indices], attrs: { axis } }) => grad.gather(indices as Tensor, axis),
  ],
  batch: (inputs, batched, { axis }) => {
    const [x, indices, source] = spreadBatch(inputs, batched) as [Tensor, Tensor, Tensor];
    return scatterAdd(x, indices, source, axis + 1);
  },
  routine: {
    name: "scatterAdd",
    run: (routines, [base, indices, source], output, { axis }) => {
      if (base === undefined || indices === undefined || source === undefined) return;
      if (output.layout.size === 0) return;
      routines.scatterAdd(base, indices, source, axis, output);
    },
  },
});

/**
 * `x` with each element of `source` added at the position that `indices` names along `axis`.
 *
 * Positions named several times collect all their elements; one outside the axis is skipped.
 * Shapes: `indices` and `source` equal, and equal to `x` on all other axes. dtype: that of `x`.
 * Throws: ShapeError, DTypeError for indices that are not int32 or uint8.
 *
 * @example
 * scatterAdd(zeros([3]), tensor([0, 2, 2], { dtype: "int32" }), tensor([1, 2, 3]), 0) // => [1, 0, 5]
 *
 * @method
 */
export function scatterAdd<D extends DType>(
  x: Tensor<D>,
  indices: Tensor,
  source: Tensor,
  axis = -1,
): Tensor<D> {
  ensureTensor("scatterAdd", x);
  ensureTensor("scatterAdd", source);
  ensureIndices("scatterAdd", indices);
  const along = resolveAxis("scatterAdd", axis, x.shape);
  const fits =
    indices.ndim === x.ndim &&
    source.ndim === x.ndim &&
    indices.shape.every((n, d) => n === source.shape[d] && (d === along || n === x.shape[d]));
  if (!fits) {
    throw new ShapeError("scatterAdd", "indices and source must match the tensor", {
      expected: `two equal shapes that differ from ${formatShape(x.shape)} at axis ${along} only`,
      got: `indices ${formatShape(indices.shape)} and source ${formatShape(source.shape)}`,
    });
  }
  const operands = [x, astype(indices, "int32"), astype(source, x.dtype)];
  return apply(scatterAddPrimitive, operands, { key: along, axis: along }) as Tensor<D>;
}

/** Without a scatter on the device: every place sums the elements whose index names it. */
function lowerScatterAdd(
  x: TensorSpec,
  indices: TensorSpec,
  source: TensorSpec,
  axis: number,
): Step {
  const rank = x.shape.length;
  const here = x.shape.map((_, d) => coord(d));
  const there = x.shape.map((_, d) => coord(d === axis ? rank : d));
  const named = call("eq", load(1, "int32", there), coord(axis));
  const element = call("select", named, load(2, x.dtype, there), constant(0, x.dtype));
  const target = layout(x.shape);
  return {
    kernel: {
      name: "scatterAdd",
      outer: rank,
      axes: [...x.shape.map((_, dim) => ({ operand: 3, dim })), { operand: 1, dim: axis }],
      inputs: [x, indices, source].map((spec) => operandSpec(spec.dtype, spec.layout)),
      scalars: [],
      stages: [{ axes: [rank], reduce: "sum", value: element, dtype: x.dtype }],
      outputs: [
        {
          ...operandSpec(x.dtype, target),
          value: call("add", load(0, x.dtype, here), stageValue(0, x.dtype)),
        },
      ],
    },
    inputs: [x, indices, source].map((spec, i) => ({ source: i, layout: spec.layout })),
    scalars: [],
    output: { layout: target, offset: 0 },
  };
}
