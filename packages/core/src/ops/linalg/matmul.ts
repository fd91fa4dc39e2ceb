import type { DType } from "@chainrule/kernel";
import { type Promote, promote } from "../../dtype/promote.js";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import { alignBatch, spreadBatch } from "../../op/batch.js";
import {
  type Attrs,
  definePrimitive,
  noAttrs,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import type { Seen } from "../../op/step.js";
import { broadcastLayout, broadcastShapes } from "../../shape/broadcast.js";
import type { Tensor } from "../../tensor/tensor.js";
import { reshape } from "../view/reshape.js";
import { lowerProduct } from "./contract.js";
import { productDType } from "./product-operands.js";

// Both operands have two axes at least: [..., m, k] and [..., k, n].
const matmulPrimitive: Primitive<Attrs> = definePrimitive<Attrs, [a: TensorSpec, b: TensorSpec]>({
  name: "matmul",
  infer: ([a, b]) => {
    const batch = broadcastShapes("matmul", [a.shape.slice(0, -2), b.shape.slice(0, -2)]);
    const dtype = promote(a.dtype, b.dtype);
    return { shape: [...batch, a.shape.at(-2) ?? 1, b.shape.at(-1) ?? 1], dtype };
  },
  lower: ([a, b], output) => [lowerMatmul(a, b, output)],
  saves: "inputs",
  vjp: [
    // dL/dA = G Bᵀ
    (grad, saved) => {
      const [a, b] = [saved.a as Tensor, saved.b as Tensor];
      return isTransposed(a) ? matmul(b, grad.mT).mT : matmul(grad, b.mT);
    },
    // dL/dB = Aᵀ G
    (grad, saved) => {
      const [a, b] = [saved.a as Tensor, saved.b as Tensor];
      return isTransposed(b) ? matmul(grad.mT, a).mT : matmul(a.mT, grad);
    },
  ],
  batch: (inputs, batched) => {
    const operands = alignBatch(spreadBatch(inputs, batched), [true, true]);
    return apply(matmulPrimitive, operands, noAttrs);
  },
});

/**
 * The matrix product: `C[i, j] = Σₖ A[i, k] B[k, j]`.
 *
 * Shapes: [m, k] · [k, n] → [m, n]; [k] · [k] → []; [k] · [k, n] → [n]; [m, k] · [k] → [m]; further
 * leading axes are batches and broadcast.
 * Throws: ShapeError when the inner extents differ or an operand has no axis; DTypeError for bool.
 *
 * @example
 * matmul(tensor([[1, 2], [3, 4]]), tensor([1, 1])) // => [3, 7]
 *
 * @method
 */
export function matmul<A extends DType, B extends DType>(
  a: Tensor<A>,
  b: Tensor<B>,
): Tensor<Promote<A, B>> {
  ensureTensor("matmul", a);
  ensureTensor("matmul", b);
  ensureProduct(a, b);
  const left = a.ndim === 1 ? reshape(a, [1, a.size]) : a;
  const right = b.ndim === 1 ? reshape(b, [b.size, 1]) : b;
  const product = apply(matmulPrimitive, [left, right], noAttrs) as Tensor<Promote<A, B>>;
  if (a.ndim > 1 && b.ndim > 1) return product;
  const { shape } = product;
  const rows = a.ndim === 1 ? [] : shape.slice(-2, -1);
  const columns = b.ndim === 1 ? [] : shape.slice(-1);
  return reshape(product, [...shape.slice(0, -2), ...rows, ...columns]);
}

/**
 * Whether `x` is a transposed view. Its gradient is then computed transposed, so that undoing the
 * transpose leaves it row-major.
 */
function isTransposed(x: Tensor): boolean {
  const { strides, ndim } = x.layout;
  return strides[ndim - 2] === 1 && strides[ndim - 1] !== 1;
}

function ensureProduct(a: Tensor, b: Tensor): void {
  const inner = a.layout.shape[a.ndim - 1];
  const other = b.layout.shape[b.ndim === 1 ? 0 : b.ndim - 2];
  if (inner === undefined || other === undefined) {
    throw new ShapeError("matmul", "operands must have axes", {
      expected: "1 axis at least on both sides",
      got: `a ${formatShape(a.shape)} and b ${formatShape(b.shape)}`,
      fix: "Multiply by a scalar with mul.",
    });
  }
  if (inner !== other) {
    const flips = b.ndim === 2 && b.layout.shape[1] === inner;
    throw new ShapeError("matmul", "inner extents must agree", {
      expected: `a.shape[-1] (${inner}) to equal ${b.ndim === 1 ? "b.shape[0]" : "b.shape[-2]"} (${other})`,
      got: `a ${formatShape(a.shape)} and b ${formatShape(b.shape)}`,
      fix: flips
        ? "Transpose b: b.mT."
        : "Transpose one side, e.g. b.mT, or check the layer sizes.",
    });
  }
  productDType("matmul", [a, b]);
}

/** C[…, m, n] = Σₖ A[…, m, k] B[…, k, n], the batch axes stretched. */
function lowerMatmul(a: TensorSpec, b: TensorSpec, output: OutputSpec): Step {
  const batch = output.shape.slice(0, -2);
  const stretched = ({ dtype, layout, shape }: TensorSpec): Seen => ({
    dtype,
    layout: broadcastLayout(layout, [...batch, ...shape.slice(-2)]),
  });
  const lead = batch.map((_, axis) => axis);
  const [m, n, k] = [lead.length, lead.length + 1, lead.length + 2];
  const labels = { a: [...lead, m, k], b: [...lead, k, n], output: [...lead, m, n] };
  return lowerProduct("matmul", [stretched(a), stretched(b)], output, labels);
}
