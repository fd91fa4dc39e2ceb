import { type DType, type Layout, layout, rowMajorStrides, sizeOf } from "@chainrule/kernel";
import { ensureTensor } from "../../engine/apply.js";
import { formatShape, ShapeError } from "../../errors.js";
import type { Attrs } from "../../op/primitive.js";
import { defineView, type View, type ViewOp } from "../../op/view.js";
import { sameShape } from "../../shape/broadcast.js";
import { ensureShapeList } from "../../shape/list.js";
import type { Tensor } from "../../tensor/tensor.js";
import { copy } from "../elementwise/copy.js";

interface ReshapeAttrs extends Attrs {
  readonly shape: readonly number[];
}

const reshapeView: ViewOp<ReshapeAttrs> = defineView<ReshapeAttrs>({
  name: "reshape",
  view: (source, { shape }) => viewAs(source, shape) ?? { layout: layout(shape), offset: 0 },
  vjp: (grad, saved) => reshape(grad, saved.spec(0).shape),
  batch: ([x], _batched, { shape }) => {
    const { shape: own } = x as Tensor;
    return reshape(x as Tensor, [own[0] ?? 1, ...shape]);
  },
});

/**
 * The elements of `x` in row-major order with another shape: a view where the strides allow it, a
 * copy otherwise.
 *
 * One extent may be -1: it is what remains. Throws: ShapeError when the sizes differ.
 *
 * @example
 * reshape(arange(6), [2, -1]) // => [[0, 1, 2], [3, 4, 5]]
 *
 * @method
 */
export function reshape<D extends DType>(x: Tensor<D>, shape: readonly number[]): Tensor<D> {
  ensureTensor("reshape", x);
  ensureShapeList("reshape", shape);
  const own = x.layout.shape;
  const target = sameShape(own, shape) ? own : resolveShape(own, shape);
  const viewable = x.layout.contiguous || viewAs(x.layout, target) !== undefined;
  const source = viewable ? x : copy(x);
  const result = reshapeView(source, { key: target.join(), shape: target }) as Tensor<D>;
  if (source !== x) source.dispose();
  return result;
}

function resolveShape(from: readonly number[], shape: readonly number[]): readonly number[] {
  const size = sizeOf(from);
  const free = shape.indexOf(-1);
  const known = sizeOf(shape.filter((_, axis) => axis !== free));
  const target =
    free === -1 || known === 0 ? shape : shape.map((n, axis) => (axis === free ? size / known : n));
  if (sizeOf(target) !== size || !target.every((n) => Number.isInteger(n) && n >= 0)) {
    throw new ShapeError("reshape", "the number of elements must stay the same", {
      expected: `extents whose product is ${size}, at most one of them -1`,
      got: `${formatShape(shape)} for a tensor of shape ${formatShape(from)}`,
    });
  }
  return target;
}

/**
 * The strides that show the elements of `source` with `shape`, or undefined when none do: each run
 * of axes that lie densely in each other can be cut anew.
 */
function viewAs(source: Layout, shape: readonly number[]): View | undefined {
  if (source.contiguous) return { layout: layout(shape), offset: 0 };
  const strides = rowMajorStrides(shape);
  const axes = source.shape.flatMap((extent, d) =>
    extent === 1 ? [] : [{ extent, stride: source.strides[d] ?? 0 }],
  );
  let axis = shape.length - 1;
  let next = axes.pop();
  while (next !== undefined) {
    // 1. the longest run of source axes, ending here, that is one evenly spaced line of elements
    const step = next.stride;
    let run = next.extent;
    next = axes.pop();
    while (next !== undefined && next.stride === run * step) {
      run *= next.extent;
      next = axes.pop();
    }
    // 2. the target axes that make up this run
    let taken = 1;
    while (axis >= 0 && taken < run) {
      strides[axis] = step * taken;
      taken *= shape[axis] ?? 1;
      axis -= 1;
    }
    if (taken !== run) return undefined;
  }
  return { layout: layout(shape, strides), offset: 0 };
}
