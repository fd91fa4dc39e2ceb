import {
  call,
  constant,
  convertNumber,
  coord,
  type DType,
  type Expr,
  guardedLoad,
  scalar,
} from "@chainrule/kernel";
import { apply, ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import {
  type Attrs,
  definePrimitive,
  type OutputSpec,
  type Primitive,
  type Step,
  type TensorSpec,
} from "../../op/primitive.js";
import { elementStep } from "../../op/step.js";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * How one axis grows: elements before, after, and between each two of its own.
 *
 * @internal
 */
export interface Margins {
  readonly before: number;
  readonly after: number;
  readonly between: number;
}

interface PadAttrs extends Attrs {
  readonly margins: readonly Margins[];
  readonly value: number;
}

const noMargins: Margins = { before: 0, after: 0, between: 0 };

const padPrimitive: Primitive<PadAttrs> = definePrimitive<PadAttrs, [TensorSpec]>({
  name: "pad",
  infer: ([{ shape, dtype }], { margins }) => ({
    shape: shape.map((n, axis) => paddedExtent(n, margins[axis] ?? noMargins)),
    dtype,
  }),
  lower: ([x], output, attrs) => [lowerPad(x, output, attrs)],
  vjp: [
    (grad, saved) =>
      grad.at(
        ...saved.spec(0).shape.map((n, axis) => {
          const { before, between } = saved.attrs.margins[axis] ?? noMargins;
          const step = between + 1;
          return { start: before, stop: n === 0 ? before : before + (n - 1) * step + 1, step };
        }),
      ),
  ],
  saves: "nothing",
  batch: ([x], _batched, { margins, value }) =>
    padWith(x as Tensor, [noMargins, ...margins], value),
});

function lowerPad(x: TensorSpec, output: OutputSpec, { margins, value }: PadAttrs): Step {
  const scalars: { value: number; dtype: DType }[] = [];
  const argument = (number: number, dtype: DType = "int32"): Expr =>
    scalar(scalars.push({ value: number, dtype }) - 1, dtype);
  let guard: Expr = constant(1, "bool");
  const index = x.shape.map((n, axis): Expr => {
    const { before, after, between } = margins[axis] ?? noMargins;
    if (before === 0 && after === 0 && between === 0) return coord(axis);
    // Position p of the result holds element (p - before) / step, where that is whole and inside.
    const from = call("sub", coord(axis), argument(before));
    const span = call("lt", from, argument(n === 0 ? 0 : (n - 1) * (between + 1) + 1));
    guard = call("and", guard, call("and", call("ge", from, 0), span));
    if (between === 0) return from;
    const step = argument(between + 1);
    guard = call("and", guard, call("eq", call("mod", from, step), 0));
    return call("floorDiv", from, step);
  });
  const fill = argument(convertNumber(value, x.dtype), x.dtype);
  return elementStep(
    { name: "pad", inputs: [x], output, scalars },
    guardedLoad(0, x.dtype, index, guard, fill),
  );
}

function paddedExtent(n: number, { before, after, between }: Margins): number {
  return before + after + n + Math.max(0, n - 1) * between;
}

function padWith<D extends DType>(
  x: Tensor<D>,
  margins: readonly Margins[],
  value: number,
): Tensor<D> {
  const key = `${margins.map((m) => `${m.before}:${m.after}:${m.between}`).join()}|${Object.is(value, -0) ? "-0" : value}`;
  return apply(padPrimitive, [x], { key, margins, value }) as Tensor<D>;
}

/**
 * `x` with zeros around and between its elements: what a slice's gradient is.
 *
 * @internal
 */
export function padInterior<D extends DType>(x: Tensor<D>, margins: readonly Margins[]): Tensor<D> {
  return padWith(x, margins, 0);
}

/**
 * `x` surrounded by `value`: `widths[axis]` are the elements added before and after each axis.
 *
 * Throws: ShapeError unless there is one pair of non-negative whole numbers per axis; ValueError for a
 * value that is no number.
 *
 * @example
 * pad(tensor([1, 2]), [[1, 2]]) // => [0, 1, 2, 0, 0]
 *
 * @method
 */
export function pad<D extends DType>(
  x: Tensor<D>,
  widths: readonly (readonly [before: number, after: number])[],
  value = 0,
): Tensor<D> {
  ensureTensor("pad", x);
  const valid = ([before, after]: readonly [number, number]): boolean =>
    Number.isInteger(before) && Number.isInteger(after) && before >= 0 && after >= 0;
  if (!Array.isArray(widths) || widths.length !== x.ndim || !widths.every(valid)) {
    throw new ShapeError("pad", "each axis needs a pair of widths", {
      expected: `${x.ndim} pairs of whole numbers from 0 on, for shape ${formatShape(x.shape)}`,
      got: formatValue(JSON.stringify(widths)),
    });
  }
  if (typeof value !== "number") {
    throw new ValueError("pad", "the value must be a number", {
      expected: "a number",
      got: formatValue(value),
      fix: "Call pad(x, widths, value).",
    });
  }
  return padWith(
    x,
    widths.map(([before, after]) => ({ before, after, between: 0 })),
    value,
  );
}
