// The three products of a convolution. `Σ x · weight · y` over all elements that meet is linear in the
// input, the weight and the result; the product of any two of them is its derivative by the third. So
// each product has the other two as derivatives, to any order.

import { apply } from "../../engine/apply.js";
import { spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type TensorSpec,
} from "../../op/primitive.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type WindowAxis, windowKey } from "./geometry.js";
import { type Factor, lowerConvolution, nameOf, operandsOf } from "./lower-convolution.js";

/**
 * What the three primitives `conv` (x, weight), `convInputGrad` (y, weight) and `convWeightGrad`
 * (x, y) have in common; shapes: x [N, groups · C, ...S], weight [groups · O, C, ...K] and y
 * [N, groups · O, ...Y].
 */
export interface ConvAttrs extends Attrs {
  /** One for each spatial axis. */
  readonly axes: readonly WindowAxis[];
  readonly groups: number;
  /** The spatial extents of the result: Y, S or K. */
  readonly extents: readonly number[];
}

/** The first two extents of each array, from the shapes of the other two. */
const leadOf: Readonly<
  Record<Factor, (a: readonly number[], b: readonly number[], groups: number) => number[]>
> = {
  y: ([n = 0], [o = 0]) => [n, o],
  x: ([n = 0], [, c = 0], groups) => [n, groups * c],
  weight: ([, c = 0], [, o = 0], groups) => [o, c / groups],
};

type Arrays = Readonly<Partial<Record<Factor, Tensor>>>;
type Geometry = Pick<ConvAttrs, "axes" | "groups">;

function productFor(target: Factor): Primitive<ConvAttrs> {
  const [first, second] = operandsOf[target];
  return definePrimitive<ConvAttrs, [TensorSpec, TensorSpec]>({
    name: nameOf[target],
    infer: ([a, b], { groups, extents }) => ({
      shape: [...leadOf[target](a.shape, b.shape, groups), ...extents],
      dtype: a.dtype,
    }),
    lower: (operands, output, attrs) => [lowerConvolution(target, operands, output, attrs)],
    saves: "inputs",
    vjp: [
      (grad, saved) => {
        const others = { [target]: grad, [second]: saved.b as Tensor };
        return convolution(first, others, saved.attrs, saved.spec(0).shape.slice(2));
      },
      (grad, saved) => {
        const others = { [target]: grad, [first]: saved.a as Tensor };
        return convolution(second, others, saved.attrs, saved.spec(1).shape.slice(2));
      },
    ],
    // Examples become groups: [B, N, C, ...] and [B, O, C, ...] are [N, B · C, ...] and [B · O, C, ...].
    batch: (inputs, batched, { axes, groups, extents }) => {
      const [a, b] = spreadBatch(inputs, batched) as [Tensor, Tensor];
      const count = a.shape[0] ?? 1;
      const arrays = { [first]: asGroups(a, first), [second]: asGroups(b, second) };
      const all = convolution(target, arrays, { axes, groups: groups * count }, extents);
      return asExamples(all, target, count);
    },
  });
}

const products: Readonly<Record<Factor, Primitive<ConvAttrs>>> = {
  y: productFor("y"),
  x: productFor("x"),
  weight: productFor("weight"),
};

/**
 * The array `target`, with spatial extents `extents`, as the product of the other two.
 *
 * @internal
 */
export function convolution(
  target: Factor,
  arrays: Arrays,
  { axes, groups }: Geometry,
  extents: readonly number[],
): Tensor {
  const operands = operandsOf[target].map((factor) => arrays[factor] as Tensor);
  const key = `${windowKey(axes)}|${groups}|${extents}`;
  return apply(products[target], operands, { key, axes, groups, extents });
}

function asGroups(x: Tensor, array: Factor): Tensor {
  return array === "weight" ? x.flatten(0, 1) : x.transpose(0, 1).flatten(1, 2);
}

/** The opposite of {@link asGroups}. */
function asExamples(x: Tensor, array: Factor, count: number): Tensor {
  const axis = array === "weight" ? 0 : 1;
  const { shape } = x;
  const extent = (shape[axis] ?? 0) / count;
  const apart = x.reshape([...shape.slice(0, axis), count, extent, ...shape.slice(axis + 1)]);
  return axis === 0 ? apart : apart.transpose(0, 1);
}
