import { call, constant, type DType, guardedLoad, isFloat, load, scalar } from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import { filled } from "../../engine/fill.js";
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
import { coordinates, elementStep } from "../../op/step.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { astype } from "../elementwise/astype.js";
import { ensureIndices } from "./indices.js";

interface GatherAttrs extends Attrs {
  readonly axis: number;
}

const gatherPrimitive: Primitive<GatherAttrs> = definePrimitive<
  GatherAttrs,
  [x: TensorSpec, indices: TensorSpec]
>({
  name: "gather",
  infer: ([{ dtype }, { shape }]) => ({ shape, dtype }),
  lower: ([x, indices], output, { axis }) => [lowerGather(x, indices, output, axis)],
  saves: "inputs",
  vjp: [
    (grad, saved) => {
      const { axis } = saved.attrs;
      const indices = saved.b as Tensor;
      const { shape, dtype } = saved.spec(0);
      // Where indices cover only the front of another axis, the rest gets zeros.
      const covered = shape.map((n, d) => (d === axis ? n : (indices.shape[d] ?? 0)));
      const zeros = filled(grad.storage.device, 0, dtype, covered);
      const sums = zeros.scatterAdd(indices, grad, axis);
      if (covered.every((n, d) => n === shape[d])) return sums;
      return sums.pad(shape.map((n, d): [number, number] => [0, n - (covered[d] ?? 0)]));
    },
    (grad) => grad,
  ],
  batch: (inputs, batched, { axis }) => {
    const [x, indices] = spreadBatch(inputs, batched) as [Tensor, Tensor];
    return gather(x, indices, axis + 1);
  },
});

/**
 * Picks one element of `x` along `axis` for every element of `indices`, as PyTorch's gather:
 * `out[i, j] = x[i, indices[i, j]]` for `axis` 1 of two.
 *
 * An index outside 0 … n - 1 gives NaN (0 for ints and bool), as no kernel can raise an error.
 * Shapes: `indices` has as many axes as `x` and on all but `axis` no larger extents; the result has
 * its shape. Throws: ShapeError; DTypeError for indices that are not int32 or uint8.
 *
 * @example
 * gather(tensor([[1, 2], [3, 4]]), tensor([[1], [0]], { dtype: "int32" }), 1) // => [[2], [3]]
 *
 * @method
 */
export function gather<D extends DType>(x: Tensor<D>, indices: Tensor, axis = -1): Tensor<D> {
  ensureTensor("gather", x);
  ensureIndices("gather", indices);
  const along = resolveAxis("gather", axis, x.shape);
  const fits = indices.shape.every((n, d) => d === along || n <= (x.shape[d] ?? 0));
  if (indices.ndim !== x.ndim || !fits) {
    throw new ShapeError("gather", "indices must have as many axes as the tensor, and fit in it", {
      expected: `${x.ndim} axes, none but axis ${along} longer than in ${formatShape(x.shape)}`,
      got: formatShape(indices.shape),
      fix: "Add axes with expandDims, or pick whole slices with take.",
    });
  }
  const operands = [x, astype(indices, "int32")];
  return apply(gatherPrimitive, operands, { key: along, axis: along }) as Tensor<D>;
}

function lowerGather(x: TensorSpec, indices: TensorSpec, output: OutputSpec, axis: number): Step {
  const index = load(1, "int32", coordinates(indices.shape));
  const inside = call("and", call("ge", index, 0), call("lt", index, scalar(0, "int32")));
  const outside = constant(isFloat(x.dtype) ? Number.NaN : 0, x.dtype);
  const place = coordinates(indices.shape, axis, index);
  const scalars = [{ value: x.shape[axis] ?? 0 }];
  return elementStep(
    { name: "gather", inputs: [x, indices], output, scalars },
    guardedLoad(0, x.dtype, place, inside, outside),
  );
}
