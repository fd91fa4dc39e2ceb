// Running one operation again, elsewhere.

import type { DType, HostOperand } from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import type { Backend } from "../backend/backend.js";
import { applyOn } from "../engine/apply.js";
import { deviceOf } from "../engine/device.js";
import { Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import type { Attrs, Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";

/** An operand as data: a whole array, and how the operation sees it. */
export interface ArrayOperand extends HostOperand {
  readonly dtype: DType;
}

/**
 * Runs `op` on `backend` on operands that lie in memory as given, strides and offsets included.
 * Nothing is recorded, and nothing is left but the result.
 *
 * @example
 * import { observe } from "@chainrule/core/observe";
 * const results: number[] = [];
 * const stop = observe({
 *   operation: (op, inputs, attrs) => {
 *     stop();
 *     const { layout } = inputs[0] as Tensor;
 *     const x = { data: Float32Array.of(4), dtype: "float32", layout, offset: 0 } as const;
 *     results.push(...repeat(getBackend(), op, [x, 2], attrs).dataSync());
 *   },
 *   upload: () => {}, derivative: () => {}, made: () => {},
 * });
 * tensor([1]).mul(2);
 * results // => [8]
 */
export function repeat(
  backend: Backend,
  op: Primitive,
  operands: readonly (ArrayOperand | number)[],
  attrs: Attrs,
): Tensor {
  const device = deviceOf(backend);
  const inputs = operands.map((operand) => {
    if (typeof operand === "number") return operand;
    const { data, dtype, layout, offset } = operand;
    const storage = new Storage(device, backend.upload(data, dtype), dtype, data.length);
    return makeTensor(storage, layout, offset);
  });
  try {
    return noGrad(() => applyOn(device, op, inputs, attrs));
  } finally {
    for (const input of inputs) if (typeof input === "object") input.dispose();
  }
}
