import { cast, type DType, layout, load } from "@chainrule/kernel";
import { promote } from "../../dtype/promote.js";
import { apply } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import { spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type TensorSpec,
} from "../../op/primitive.js";
import { coordinates, elementStep } from "../../op/step.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";
import { sliceAxis } from "../view/slice.js";
import { firstOf } from "./first-of.js";

interface ConcatAttrs extends Attrs {
  readonly axis: number;
}

type Parts = readonly TensorSpec[];

const concatPrimitive: Primitive<ConcatAttrs> = definePrimitive<ConcatAttrs, Parts>({
  name: "concat",
  infer: (parts, { axis }) => ({
    shape: (parts[0]?.shape ?? []).with(
      axis,
      parts.reduce((n, part) => n + (part.shape[axis] ?? 0), 0),
    ),
    dtype: parts.map((part) => part.dtype).reduce(promote),
  }),
  // One copy per part, each into its region of the result.
  lower: (parts, { shape, dtype }, { axis }) => {
    const { strides } = layout(shape);
    let start = 0;
    return parts.flatMap((part, source) => {
      const region = {
        layout: layout(part.shape, strides),
        offset: start * (strides[axis] ?? 0),
      };
      start += part.shape[axis] ?? 0;
      if (part.layout.size === 0) return [];
      const output = { shape: part.shape, dtype };
      const element = cast(load(0, part.dtype, coordinates(part.shape)), dtype);
      const inputs = [{ ...part, source }];
      return [elementStep({ name: "concat", inputs, output, part: region }, element)];
    });
  },
  saves: "nothing",
  vjp: (grad, saved) => {
    const { axis } = saved.attrs;
    let start = 0;
    for (let i = 0; i < saved.index; i++) start += saved.spec(i).shape[axis] ?? 0;
    return sliceAxis(grad, axis, start, saved.spec(saved.index).shape[axis] ?? 0);
  },
  batch: (inputs, batched, { axis }) => concat(spreadBatch(inputs, batched) as Tensor[], axis + 1),
});

/**
 * Joins tensors along an existing axis.
 *
 * Shapes: equal on all other axes. dtype: all promoted together. Throws: ShapeError; AxisError;
 * ValueError unless there is a list of tensors, one at least.
 *
 * @example
 * concat([tensor([1, 2]), tensor([3])]) // => [1, 2, 3]
 */
export function concat<D extends DType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const first = firstOf("concat", tensors);
  const along = resolveAxis("concat", axis, first.shape);
  for (const { shape } of tensors) {
    const fits =
      shape.length === first.ndim && shape.every((n, d) => d === along || n === first.shape[d]);
    if (fits) continue;
    throw new ShapeError("concat", "shapes must agree on all other axes", {
      expected: `shapes that differ from ${formatShape(first.shape)} at axis ${along} only`,
      got: formatShape(shape),
      fix: "To join along a new axis, use stack.",
    });
  }
  return apply(concatPrimitive, tensors, { key: along, axis: along }) as Tensor<D>;
}
