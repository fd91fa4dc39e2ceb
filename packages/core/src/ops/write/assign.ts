import { isGradEnabled, noGrad } from "../../autograd/grad-mode.js";
import { disposedError, ensureTensor, mixedBackendsError } from "../../engine/apply.js";
import { ensureWhole } from "../../engine/whole.js";
import { DTypeError, formatShape, GradientError, ShapeError } from "../../errors.js";
import { sameShape } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { copy } from "../elementwise/copy.js";

/**
 * Overwrites `target` with the elements of `value`: the only write there is.
 *
 * It is not recorded: gradients do not flow through it, and a backward pass that needs the old
 * elements of `target` throws. All views of `target` see the new elements.
 * Throws: ShapeError and DTypeError when they differ, ShapeError when `target` is a view of a part,
 * GradientError when `target` is a recorded result.
 *
 * @example
 * const w = tensor([1, 2]);
 * assign(w, tensor([3, 4]));
 * w // => [3, 4]
 */
export function assign<T extends Tensor>(target: T, value: Tensor): T {
  ensureTensor("assign", target);
  ensureTensor("assign", value);
  if (target.disposed || value.disposed) throw disposedError("assign");
  ensureAssignable(target, value);
  const exact =
    value.layout.contiguous && value.offset === 0 && value.storage.length === value.layout.size;
  const source = exact ? value : noGrad(() => copy(value));
  // Buffers are immutable, so the target shares that of the value instead of copying it.
  target.storage.adopt(source.storage, "assign");
  if (source !== value) source.dispose();
  return target;
}

function ensureAssignable(target: Tensor, value: Tensor): void {
  if (target.node !== null && isGradEnabled()) {
    throw new GradientError("assign", "only tensors that were not computed can be overwritten", {
      expected: "a leaf, such as a parameter",
      got: `the result of ${target.node.op.name}`,
      fix: "Assign inside noGrad, or to a detached tensor.",
    });
  }
  ensureWhole(target);
  if (!sameShape(target.layout.shape, value.layout.shape)) {
    throw new ShapeError("assign", "shapes must be equal", {
      expected: formatShape(target.shape),
      got: formatShape(value.shape),
    });
  }
  if (target.dtype !== value.dtype) {
    throw new DTypeError("assign", "dtypes must be equal", {
      expected: target.dtype,
      got: value.dtype,
      fix: "Convert the value with astype.",
    });
  }
  if (target.storage.device !== value.storage.device) {
    throw mixedBackendsError("assign", target.storage.device, value.storage.device);
  }
}
