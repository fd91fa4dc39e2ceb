import { ensureTensor, formatShape, ShapeError, type Tensor } from "@chainrule/core";

/** Throws: {@link ShapeError} with `rule` unless `tensor` is one of this shape. */
export function ensureShape(
  op: string,
  tensor: Tensor,
  shape: readonly number[],
  rule: string,
): void {
  ensureTensor(op, tensor);
  const { shape: own } = tensor;
  if (own.length === shape.length && own.every((extent, i) => extent === shape[i])) return;
  const size = shape.reduce((product, extent) => product * extent, 1);
  throw new ShapeError(op, rule, {
    expected: formatShape(shape),
    got: formatShape(own),
    fix: size === tensor.size ? `Reshape it: reshape([${shape.join(", ")}]).` : "",
  });
}
