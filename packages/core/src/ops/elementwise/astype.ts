import { cast, type DType, isDType, load } from "@chainrule/kernel";
import { apply } from "../../engine/apply.js";
import { DTypeError, formatValue } from "../../errors.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type TensorSpec,
} from "../../op/primitive.js";
import { coordinates, elementStep } from "../../op/step.js";
import type { Tensor } from "../../tensor/tensor.js";

interface AstypeAttrs extends Attrs {
  readonly key: DType;
}

const astypePrimitive: Primitive<AstypeAttrs> = definePrimitive<AstypeAttrs, [TensorSpec]>({
  name: "astype",
  infer: ([{ shape }], { key }) => ({ shape, dtype: key }),
  lower: ([x], { dtype }) => [
    elementStep(
      { name: "astype", inputs: [x], output: { shape: x.shape, dtype } },
      cast(load(0, x.dtype, coordinates(x.shape)), dtype),
    ),
  ],
  // The engine converts the gradient back to the dtype of the operand.
  vjp: [(grad) => grad],
  saves: "nothing",
  batch: ([x], _batched, { key }) => astype(x as Tensor, key),
});

/**
 * `x` converted to `dtype`; `x` itself when it has that dtype already.
 *
 * Floats become ints by truncation, saturating, NaN as 0; ints wrap in a narrower one; bool is
 * "not zero". Throws: DTypeError for an unknown dtype or one the backend lacks.
 *
 * @example
 * astype(tensor([1.7, -1.7]), "int32") // => [1, -1]
 *
 * @method
 */
export function astype<E extends DType>(x: Tensor, dtype: E): Tensor<E> {
  if (!isDType(dtype)) {
    throw new DTypeError("astype", "dtype must be known", {
      expected: "float32, float64, float16, int32, uint8 or bool",
      got: formatValue(dtype),
    });
  }
  if (x.dtype === dtype) return x as unknown as Tensor<E>;
  return apply(astypePrimitive, [x], { key: dtype }) as Tensor<E>;
}
