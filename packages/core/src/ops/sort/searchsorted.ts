import {
  call,
  cast,
  constant,
  type Expr,
  guardedLoad,
  load,
  scalar,
  sizeOf,
} from "@chainrule/kernel";
import { promote } from "../../dtype/promote.js";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
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
import { sameShape } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { isLess } from "./total-order.js";

type Side = "left" | "right";

interface SearchAttrs extends Attrs {
  readonly side: Side;
}

const searchPrimitive: Primitive<SearchAttrs> = definePrimitive<
  SearchAttrs,
  [sorted: TensorSpec, values: TensorSpec]
>({
  name: "searchsorted",
  infer: ([, { shape }]) => ({ shape, dtype: "int32" }),
  lower: ([sorted, values], output, { side }) => [lowerSearch(sorted, values, output, side)],
  vjp: { nonDifferentiable: "its results are positions" },
  saves: "nothing",
  batch: (inputs, batched, attrs) => {
    const [sorted, values] = spreadBatch(inputs, batched) as [Tensor, Tensor];
    if (sorted.ndim === values.ndim) return searchsorted(sorted, values, attrs);
    // One line was searched for values of any shape: now each example has a line.
    const [count = 1, ...own] = values.shape;
    const line = values.reshape([count, sizeOf(own)]);
    return searchsorted(sorted, line, attrs).reshape(values.shape);
  },
});

/** Which of several possible places {@link searchsorted} gives. */
export interface SearchsortedOptions {
  /** Whether a value goes before or after equal elements. Default "left". */
  readonly side?: Side | undefined;
}

/**
 * Where along the last axis of `sorted` each of `values` would keep it in ascending order: the
 * number of elements that are less ("left"), or not greater ("right").
 *
 * NaN is greater than everything, as in {@link sort}. Shapes: `sorted` [n] with `values` of any
 * shape, or [..., n] with [..., m]; the result has that of `values`. dtype: int32; both operands are
 * compared in their promoted dtype. Throws: ShapeError; ValueError for an unknown side.
 *
 * @example
 * searchsorted(tensor([1, 3, 3, 5]), tensor([3, 0, 9])) // => [1, 0, 4]
 * searchsorted(tensor([1, 3, 3, 5]), tensor([3, 0, 9]), { side: "right" }) // => [3, 0, 4]
 */
export function searchsorted(
  sorted: Tensor,
  values: Tensor,
  options: SearchsortedOptions = {},
): Tensor<"int32"> {
  ensureTensor("searchsorted", sorted);
  ensureTensor("searchsorted", values);
  const { side = "left" } = options;
  if (side !== "left" && side !== "right") {
    throw new ValueError("searchsorted", "side must be one of its values", {
      expected: '"left" or "right"',
      got: formatValue(side),
    });
  }
  const isLine = sorted.ndim === 1;
  const alike = sameShape(sorted.shape.slice(0, -1), values.shape.slice(0, -1));
  if (!isLine && (sorted.ndim !== values.ndim || sorted.ndim === 0 || !alike)) {
    throw new ShapeError("searchsorted", "each line of values needs a sorted line", {
      expected: "one sorted line, or equal extents on all but the last axis",
      got: `sorted ${formatShape(sorted.shape)} and values ${formatShape(values.shape)}`,
    });
  }
  return apply(searchPrimitive, [sorted, values], { key: side, side }) as Tensor<"int32">;
}

/** A binary search, its steps written out: from the largest power of 2 within the extent down to 1. */
function lowerSearch(sorted: TensorSpec, values: TensorSpec, output: OutputSpec, side: Side): Step {
  const dtype = promote(sorted.dtype, values.dtype);
  const line = coordinates(sorted.shape.slice(0, -1));
  const extent = sorted.shape.at(-1) ?? 0;
  const value = cast(load(1, values.dtype, coordinates(values.shape)), dtype);
  const nothing = constant(0, sorted.dtype);
  // All elements before `place` come before the value.
  let place: Expr = constant(0, "int32");
  for (let step = 2 ** (31 - Math.clz32(extent)); step >= 1; step /= 2) {
    const next = call("add", place, step);
    const inside = call("le", next, scalar(0, "int32"));
    const last = [...line, call("sub", next, 1)];
    const element = cast(guardedLoad(0, sorted.dtype, last, inside, nothing), dtype);
    const passes = side === "left" ? isLess(element, value) : call("not", isLess(value, element));
    place = call("select", call("and", inside, passes), next, place);
  }
  const scalars = [{ value: extent }];
  return elementStep({ name: "searchsorted", inputs: [sorted, values], output, scalars }, place);
}
