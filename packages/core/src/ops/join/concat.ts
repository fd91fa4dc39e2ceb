import { type DType, layout, operandSpec } from "@chainrule/kernel";
import { promote } from "../../dtype/promote.js";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError, ValueError } from "../../errors.js";
import { spreadBatch } from "../../op/batch.js";
import { lowerMap } from "../../op/elementwise.js";
import {
  type Attrs,
  definePrimitive,
  type InputSpec,
  type Primitive,
  type Step,
  tensorSpec,
} from "../../op/primitive.js";
import { resolveAxis } from "../../shape/axis.js";
import type { Tensor } from "../../tensor/tensor.js";

interface ConcatAttrs extends Attrs {
  readonly axis: number;
}

const concatPrimitive: Primitive<ConcatAttrs> = definePrimitive<ConcatAttrs>({
  name: "concat",
  infer: (inputs, { axis }) => {
    const parts = inputs.map((_, i) => tensorSpec("concat", inputs, i));
    const [first] = parts;
    if (first === undefined) throw new RangeError("concat of nothing");
    const total = parts.reduce((n, part) => n + (part.shape[axis] ?? 0), 0);
    return {
      shape: first.shape.map((n, d) => (d === axis ? total : n)),
      dtype: parts.map((part) => part.dtype).reduce(promote),
    };
  },
  // One copy per part, each into its region of the result.
  lower: (inputs, output, { axis }) => {
    const whole = layout(output.shape);
    return inputs.flatMap((input, source): Step[] => {
      const part = tensorSpec("concat", inputs, source);
      if (part.layout.size === 0) return [];
      const copy = lowerMap("concat", (x) => x as NonNullable<typeof x>, part.dtype, [input], {
        shape: part.shape,
        dtype: output.dtype,
      });
      const region = layout(part.shape, whole.strides);
      const outputs = copy.kernel.outputs.map((each) => ({
        ...each,
        ...operandSpec(output.dtype, region),
      }));
      return [
        {
          ...copy,
          kernel: { ...copy.kernel, outputs },
          inputs: copy.inputs.map((each) => ({ ...each, source })),
          output: {
            layout: region,
            offset: startOf(inputs, source, axis) * (whole.strides[axis] ?? 0),
          },
        },
      ];
    });
  },
  saves: "nothing",
  vjp: (grad, saved) => {
    const { axis } = saved.attrs;
    let start = 0;
    for (let i = 0; i < saved.index; i++) start += saved.spec(i).shape[axis] ?? 0;
    const stop = start + (saved.spec(saved.index).shape[axis] ?? 0);
    return grad.at(...grad.shape.map((_, d) => (d === axis ? { start, stop } : ":")));
  },
  batch: (inputs, batched, { axis }) => concat(spreadBatch(inputs, batched) as Tensor[], axis + 1),
});

function startOf(inputs: readonly InputSpec[], index: number, axis: number): number {
  let start = 0;
  for (let i = 0; i < index; i++) start += tensorSpec("concat", inputs, i).shape[axis] ?? 0;
  return start;
}

/**
 * Joins tensors along an existing axis.
 *
 * Shapes: equal on all other axes. dtype: all promoted together. Throws: ShapeError; ValueError for
 * an empty list.
 *
 * @example
 * concat([tensor([1, 2]), tensor([3])]) // => [1, 2, 3]
 */
export function concat<D extends DType>(tensors: readonly Tensor<D>[], axis = 0): Tensor<D> {
  const [first] = tensors;
  if (first === undefined) {
    throw new ValueError("concat", "there must be something to join", {
      expected: "one tensor at least",
      got: "an empty list",
    });
  }
  for (const each of tensors) ensureTensor("concat", each);
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
