// The steps that nearly all lowerings are made of: one kernel that writes a row-major output, element by
// element, reducing over inner axes where it needs to.

import {
  coord,
  type DType,
  type Expr,
  type Extent,
  type Layout,
  layout,
  operandSpec,
  type Reducer,
  type Stage,
  stageValue,
} from "@chainrule/kernel";
import type { OutputSpec, Step } from "./primitive.js";

/** An operand of the operation as a kernel sees it. */
export interface Seen {
  readonly dtype: DType;
  readonly layout: Layout;
  /** Which operand; default: the one at the same place. */
  readonly source?: number;
}

/** A number a kernel is run with; its dtype is int32 by default. */
export type ScalarArgument = Step["scalars"][number] & { readonly dtype?: DType };

/** The loops of a kernel with one output, whose axes are the first ones. */
export interface Loops {
  readonly name: string;
  readonly inputs: readonly Seen[];
  readonly output: OutputSpec;
  readonly scalars?: readonly ScalarArgument[];
  /** The extents of the axes that stages run over, numbered after those of the output. */
  readonly inner?: readonly Extent[];
  /** The part of a larger output that is written; default: all of one. */
  readonly part?: Step["output"];
}

/** Computes every element of the output as `value`, which may read the values of `stages`. */
export function elementStep(
  { name, inputs, output, scalars = [], inner = [], part }: Loops,
  value: Expr,
  stages: readonly Stage[] = [],
): Step {
  const target = part ?? { layout: layout(output.shape), offset: 0 };
  const outer = output.shape.map((_, dim): Extent => ({ operand: inputs.length, dim }));
  return {
    kernel: {
      name,
      outer: outer.length,
      axes: [...outer, ...inner],
      inputs: inputs.map(({ dtype, layout: seen }) => operandSpec(dtype, seen)),
      scalars: scalars.map(({ dtype = "int32" }) => dtype),
      stages,
      outputs: [{ ...operandSpec(output.dtype, target.layout), value }],
    },
    inputs: inputs.map(({ source, layout: seen }, i) => ({ source: source ?? i, layout: seen })),
    scalars,
    output: target,
  };
}

/**
 * Computes every element of the output by reducing `element` over all inner axes; `finish` makes the
 * element of the reduced one.
 */
export function reduceStep(
  loops: Loops,
  reduce: Reducer,
  element: Expr,
  finish: (reduced: Expr) => Expr = (reduced) => reduced,
): Step {
  const { output, inner = [] } = loops;
  const { dtype } = output;
  const axes = inner.map((_, i) => output.shape.length + i);
  const stage: Stage = { axes, reduce, value: element, dtype };
  return elementStep(loops, finish(stageValue(0, dtype)), [stage]);
}

/** The coordinates of an element along the axes of `shape`, with `place` in place of that of `axis`. */
export function coordinates(shape: readonly number[], axis?: number, place?: Expr): Expr[] {
  return shape.map((_, d) => (d === axis && place !== undefined ? place : coord(d)));
}
