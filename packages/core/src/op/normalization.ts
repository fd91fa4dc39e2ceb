// Normalisations along one axis that need the largest element and the sum of exponentials first:
// one kernel of three stages instead of five kernels.

import { call, cast, coord, type Expr, load, stageValue } from "@chainrule/kernel";
import { floatOf } from "../dtype/promote.js";
import { apply, ensureTensor } from "../engine/apply.js";
import { resolveAxis } from "../shape/axis.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type Step,
  type TensorSpec,
  type Vjp,
} from "./primitive.js";
import { coordinates, elementStep } from "./step.js";

/** The attributes of a normalisation. */
export interface NormalizationAttrs extends Attrs {
  readonly axis: number;
}

/** The definition of a normalisation. */
export interface NormalizationDefinition {
  readonly name: string;
  /** An element of the result from x, the largest x of its line and Σ e^(x - max). */
  readonly element: (x: Expr, max: Expr, total: Expr) => Expr;
  readonly saves: "output";
  readonly vjp: Vjp<NormalizationAttrs>;
}

/** A normalisation as a function of a tensor and an axis. */
export interface NormalizationOp {
  (x: Tensor, axis: number): Tensor;
  readonly primitive: Primitive<NormalizationAttrs>;
}

/** Defines a normalisation. */
export function defineNormalization(definition: NormalizationDefinition): NormalizationOp {
  const { name } = definition;
  const primitive: Primitive<NormalizationAttrs> = definePrimitive<
    NormalizationAttrs,
    [TensorSpec]
  >({
    name,
    infer: ([{ shape, dtype }]) => ({ shape, dtype: floatOf(dtype) }),
    lower: ([x], _output, { axis }) => [lowerNormalization(definition, x, axis)],
    vjp: [definition.vjp],
    saves: definition.saves,
    batch: ([x], _batched, { axis }) => run(x as Tensor, axis + 1),
  });
  const run = (x: Tensor, axis: number): Tensor => {
    ensureTensor(name, x);
    if (x.ndim === 0) return run(x.reshape([1]), axis).reshape([]);
    const resolved = resolveAxis(name, axis, x.layout.shape);
    return apply(primitive, [x], { key: resolved, axis: resolved });
  };
  return Object.assign(run, { primitive });
}

function lowerNormalization(
  { name, element }: NormalizationDefinition,
  x: TensorSpec,
  axis: number,
): Step {
  const rank = x.shape.length;
  const dtype = floatOf(x.dtype);
  // The element of this line at position `place` along the axis.
  const elementAt = (place: Expr): Expr =>
    cast(load(0, x.dtype, coordinates(x.shape, axis, place)), dtype);
  const max = stageValue(0, dtype);
  const total = stageValue(1, dtype);
  const power = call("exp", call("sub", elementAt(coord(rank + 1)), max));
  const along = { operand: 0, dim: axis };
  return elementStep(
    { name, inputs: [x], output: { shape: x.shape, dtype }, inner: [along, along] },
    element(elementAt(coord(axis)), max, total),
    [
      { axes: [rank], reduce: "max", value: elementAt(coord(rank)), dtype },
      { axes: [rank + 1], reduce: "sum", value: power, dtype },
    ],
  );
}
