// The loops of the three products of a convolution.

import {
  call,
  constant,
  coord,
  type Expr,
  guardedLoad,
  type Layout,
  layout,
  load,
} from "@chainrule/kernel";
import type { OutputSpec, Step, TensorSpec } from "../../op/primitive.js";
import { reduceStep } from "../../op/step.js";
import type { ConvAttrs } from "./convolution.js";
import { elementAt, positionOf, windowAt } from "./places.js";

/**
 * One of the three arrays: input, weight or result of a convolution.
 *
 * @internal
 */
export type Factor = "x" | "weight" | "y";

/**
 * The primitive that makes each array of the other two.
 *
 * @internal
 */
export const nameOf: Readonly<Record<Factor, string>> = {
  y: "conv",
  x: "convInputGrad",
  weight: "convWeightGrad",
};

/**
 * The operands of that primitive, in order.
 *
 * @internal
 */
export const operandsOf: Readonly<Record<Factor, readonly [Factor, Factor]>> = {
  y: ["x", "weight"],
  x: ["y", "weight"],
  weight: ["x", "y"],
};

/**
 * The axes of the three arrays, channels being seen as groups g and those of one group, c of the
 * input and o of the result; n are the examples, s the positions, k the taps, y the windows along
 * the spatial axes.
 */
const axesOf: Readonly<Record<Factor, string>> = { x: "ngcs", weight: "gock", y: "ngoy" };

/**
 * An element of one array is the sum over all axes that it lacks of the product of the other two:
 * - `y[n, g, o, y…] = Σ over c, k… of x[n, g, c, s…] · weight[g, o, c, k…]`
 * - `x[n, g, c, s…] = Σ over o, k… of y[n, g, o, y…] · weight[g, o, c, k…]`
 * - `weight[g, o, c, k…] = Σ over n, y… of x[n, g, c, s…] · y[n, g, o, y…]`
 *
 * where `s` is the position of tap `k` of window `y`; there is none outside the array.
 *
 * @internal
 */
export function lowerConvolution(
  target: Factor,
  [a, b]: readonly [TensorSpec, TensorSpec],
  output: OutputSpec,
  { axes, groups }: ConvAttrs,
): Step {
  const [first, second] = operandsOf[target];
  const { dtype } = output;
  // s, k and y stand for as many axes as there are spatial ones.
  const named = (letters: string): string[] =>
    [...letters].flatMap((letter) =>
      "sky".includes(letter) ? axes.map((_, d) => `${letter}${d}`) : [letter],
    );
  const outer = named(axesOf[target]);
  const other = named(axesOf[second]);
  const inner = other.filter((name) => !outer.includes(name));
  const loops = [...outer, ...inner];
  const at = (name: string): Expr => coord(loops.indexOf(name));
  // The first operand is read at a position, or at a window, that follows from the other two.
  const places = axes.map((axis, d) => {
    const k = at(`k${d}`);
    return target === "x" ? windowAt(at(`s${d}`), k, axis) : positionOf(at(`y${d}`), k, axis);
  });
  const lead = [...axesOf[first].slice(0, -1)].map(at);
  const { element, guard, scalars } = elementAt(dtype, lead, places, a.shape.slice(2));
  const place = other.map(at);
  // Padding is 0 and is multiplied, NaN by 0 included; where there is no window, there is no product.
  const factor =
    target === "x"
      ? guardedLoad(1, dtype, place, guard, constant(0, dtype))
      : load(1, dtype, place);
  const inputs = [
    { dtype, layout: splitChannels(a.layout, first, groups) },
    { dtype, layout: splitChannels(b.layout, second, groups) },
  ];
  const { shape } = splitChannels(layout(output.shape), target, groups);
  return reduceStep(
    {
      name: nameOf[target],
      inputs,
      output: { shape, dtype },
      scalars,
      inner: inner.map((name) => ({ operand: 1, dim: other.indexOf(name) })),
    },
    "sum",
    call("mul", element, factor),
  );
}

/** An array with the axis that holds the channels of all groups in two: groups, and channels of one. */
function splitChannels({ shape, strides }: Layout, array: Factor, groups: number): Layout {
  const axis = axesOf[array].indexOf("g");
  const extent = (shape[axis] ?? 0) / groups;
  const stride = strides[axis] ?? 0;
  return layout(
    [...shape.slice(0, axis), groups, extent, ...shape.slice(axis + 1)],
    [...strides.slice(0, axis), stride * extent, stride, ...strides.slice(axis + 1)],
  );
}
