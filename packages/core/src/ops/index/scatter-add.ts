import { call, constant, coord, type DType, load } from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import { spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import { coordinates, reduceStep } from "../../op/step.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { where } from "../elementwise/where.js";
import { ensureIndices } from "./indices.js";

interface ScatterAttrs extends Attrs {
  readonly axis: number;
}

type ScatterOperands = [x: TensorSpec, indices: TensorSpec, source: TensorSpec];

const scatterAddPrimitive: Primitive<ScatterAttrs> = definePrimitive<ScatterAttrs, ScatterOperands>(
  {
    name: "scatterAdd",
    infer: ([{ shape, dtype }]) => ({ shape, dtype }),
    lower: (operands, output, { axis }) => [lowerScatterAdd(operands, output, axis)],
    saves: "inputs",
    vjp: [
      (grad) => grad,
      (grad) => grad,
      // gather gives NaN outside the axis; what was skipped there has no share in the result.
      (grad, { inputs: [, indices], attrs: { axis } }) => {
        const at = indices as Tensor;
        const isInside = at.greaterEqual(0).logicalAnd(at.less(grad.shape[axis] ?? 0));
        return where(isInside, grad.gather(at, axis), 0);
      },
    ],
    batch: (inputs, batched, { axis }) => {
      const [x, indices, source] = spreadBatch(inputs, batched) as [Tensor, Tensor, Tensor];
      return scatterAdd(x, indices, source, axis + 1);
    },
    routine: {
      name: "scatterAdd",
      run: (routines, [base, indices, source], output, { axis }) => {
        if (base === undefined || indices === undefined || source === undefined) return;
        routines.scatterAdd(base, indices, source, axis, output);
      },
    },
  },
);

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
  [x, indices, source]: ScatterOperands,
  output: OutputSpec,
  axis: number,
): Step {
  const there = coordinates(x.shape, axis, coord(x.shape.length));
  const named = call("eq", load(1, "int32", there), coord(axis));
  return reduceStep(
    {
      name: "scatterAdd",
      inputs: [x, indices, source],
      output,
      inner: [{ operand: 1, dim: axis }],
    },
    "sum",
    call("select", named, load(2, x.dtype, there), constant(0, x.dtype)),
    (sum) => call("add", load(0, x.dtype, coordinates(x.shape)), sum),
  );
}
