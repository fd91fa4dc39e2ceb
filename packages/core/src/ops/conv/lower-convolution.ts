// The loops of the three products of a convolution. Channels are seen as [groups, channels of one
// group]; windows are positions `y · stride + k · dilation - before`, guarded at the borders.

import {
  call,
  constant,
  coord,
  type DType,
  type Expr,
  type Extent,
  guardedLoad,
  type Layout,
  layout,
  load,
  operandSpec,
  scalar,
  stageValue,
} from "@chainrule/kernel";
import type { OutputSpec, Step, TensorSpec } from "../../op/primitive.js";
import type { ConvAttrs } from "./convolution.js";
import type { WindowAxis } from "./geometry.js";

/**
 * y[n, g, o, y…] = Σ over c, k… of x[n, g, c, position…] · weight[g, o, c, k…].
 *
 * @internal
 */
export function lowerConv(
  x: TensorSpec,
  weight: TensorSpec,
  output: OutputSpec,
  attrs: ConvAttrs,
): Step {
  const rank = attrs.axes.length;
  const loops = nest([...axisNames("ngo"), ...many("y", rank)], ["c", ...many("k", rank)]);
  const { at, all } = loops;
  const position = many("y", rank).map((y, d) => place(at(y), at(`k${d}`), attrs.axes[d]));
  return product({
    name: "conv",
    loops,
    factors: [
      guarded([at("n"), at("g"), at("c")], position, x),
      { index: [at("g"), at("o"), at("c"), ...all("k")] },
    ],
    views: [splitAxis(x, 1, attrs.groups), splitAxis(weight, 0, attrs.groups)],
    inner: [{ operand: 1, dim: 2 }, ...many("k", rank).map((_, d) => ({ operand: 1, dim: 3 + d }))],
    output: { dtype: output.dtype, layout: splitAxis(output, 1, attrs.groups) },
  });
}

/**
 * grad of x[n, g, c, s…] = Σ over o, k… of grad[n, g, o, y…] · weight[g, o, c, k…], s = position.
 *
 * @internal
 */
export function lowerInputGrad(
  grad: TensorSpec,
  weight: TensorSpec,
  output: OutputSpec,
  attrs: ConvAttrs,
): Step {
  const rank = attrs.axes.length;
  const loops = nest([...axisNames("ngc"), ...many("s", rank)], ["o", ...many("k", rank)]);
  const { at, all } = loops;
  const windows = many("s", rank).map((s, d) => windowAt(at(s), at(`k${d}`), attrs.axes[d]));
  return product({
    name: "convInputGrad",
    loops,
    factors: [
      guarded([at("n"), at("g"), at("o")], windows, grad),
      { index: [at("g"), at("o"), at("c"), ...all("k")] },
    ],
    views: [splitAxis(grad, 1, attrs.groups), splitAxis(weight, 0, attrs.groups)],
    inner: [{ operand: 1, dim: 1 }, ...many("k", rank).map((_, d) => ({ operand: 1, dim: 3 + d }))],
    output: { dtype: output.dtype, layout: splitAxis(output, 1, attrs.groups) },
  });
}

/**
 * grad of weight[g, o, c, k…] = Σ over n, y… of x[n, g, c, position…] · grad[n, g, o, y…].
 *
 * @internal
 */
export function lowerWeightGrad(
  x: TensorSpec,
  grad: TensorSpec,
  output: OutputSpec,
  attrs: ConvAttrs,
): Step {
  const rank = attrs.axes.length;
  const loops = nest([...axisNames("goc"), ...many("k", rank)], ["n", ...many("y", rank)]);
  const { at, all } = loops;
  const position = many("y", rank).map((y, d) => place(at(y), at(`k${d}`), attrs.axes[d]));
  return product({
    name: "convWeightGrad",
    loops,
    factors: [
      guarded([at("n"), at("g"), at("c")], position, x),
      { index: [at("n"), at("g"), at("o"), ...all("y")] },
    ],
    views: [splitAxis(x, 1, attrs.groups), splitAxis(grad, 1, attrs.groups)],
    inner: [{ operand: 1, dim: 0 }, ...many("y", rank).map((_, d) => ({ operand: 1, dim: 3 + d }))],
    output: { dtype: output.dtype, layout: splitAxis(output, 0, attrs.groups) },
  });
}

/** Axes of a kernel by name: outer ones in order, then inner ones. */
interface Loops {
  readonly outer: number;
  readonly inner: number;
  at(name: string): Expr;
  /** The axes `name0`, `name1`, … */
  all(name: string): Expr[];
}

function nest(outer: readonly string[], inner: readonly string[]): Loops {
  const names = [...outer, ...inner];
  const at = (name: string): Expr => coord(names.indexOf(name));
  const all = (name: string): Expr[] =>
    names.filter((each) => each.startsWith(name) && each.length > name.length).map(at);
  return { outer: outer.length, inner: inner.length, at, all };
}

function axisNames(letters: string): string[] {
  return [...letters];
}

function many(name: string, count: number): string[] {
  return Array.from({ length: count }, (_, d) => `${name}${d}`);
}

/** A position along an axis, and what besides its bounds must hold for there to be an element. */
interface Place {
  readonly index: Expr;
  readonly exists: Expr | undefined;
  /** Whether it may lie outside. */
  readonly leaves: boolean;
}

/** Where tap k of window y lies. */
function place(y: Expr, k: Expr, axis: WindowAxis = unit): Place {
  const { stride, dilation, before, after } = axis;
  const index = call("sub", call("add", call("mul", y, stride), call("mul", k, dilation)), before);
  return { index, exists: undefined, leaves: before > 0 || after > 0 };
}

/** Which window has its tap k at position s. */
function windowAt(s: Expr, k: Expr, axis: WindowAxis = unit): Place {
  const { stride, dilation, before } = axis;
  const from = call("sub", call("add", s, before), call("mul", k, dilation));
  if (stride === 1) return { index: from, exists: undefined, leaves: true };
  const exists = call("eq", call("mod", from, stride), 0);
  return { index: call("floorDiv", from, stride), exists, leaves: true };
}

const unit: WindowAxis = { stride: 1, dilation: 1, before: 0, after: 0 };

interface Factor {
  readonly index: readonly Expr[];
  readonly guard?: Expr | undefined;
}

interface Bounded extends Factor {
  readonly guard: Expr | undefined;
  /** The values of the scalars the guard reads. */
  readonly bounds: readonly number[];
}

/** An element that is 0 where its spatial places lie outside `operand`. */
function guarded(lead: readonly Expr[], places: readonly Place[], { shape }: TensorSpec): Bounded {
  const bounds: number[] = [];
  const conditions = places.flatMap(({ index, exists, leaves }, d) => {
    if (!leaves) return [];
    const bound = scalar(bounds.push(shape[2 + d] ?? 0) - 1, "int32");
    return [
      call("ge", index, 0),
      call("lt", index, bound),
      ...(exists === undefined ? [] : [exists]),
    ];
  });
  const guard = conditions.reduce<Expr | undefined>(
    (all, each) => (all === undefined ? each : call("and", all, each)),
    undefined,
  );
  return { index: [...lead, ...places.map(({ index }) => index)], guard, bounds };
}

/** `operand` with axis `axis` in two: groups, and what belongs to one group. */
function splitAxis(operand: TensorSpec | OutputSpec, axis: number, groups: number): Layout {
  const source = "layout" in operand ? operand.layout : layout(operand.shape);
  const extent = (source.shape[axis] ?? 0) / groups;
  const stride = source.strides[axis] ?? 0;
  return layout(
    [...source.shape.slice(0, axis), groups, extent, ...source.shape.slice(axis + 1)],
    [...source.strides.slice(0, axis), stride * extent, stride, ...source.strides.slice(axis + 1)],
  );
}

interface Product {
  readonly name: string;
  readonly loops: Loops;
  /** The factor that may leave its array comes first. */
  readonly factors: readonly [Bounded, Factor];
  readonly views: readonly [Layout, Layout];
  /** The extents of the inner axes. */
  readonly inner: readonly Extent[];
  readonly output: { readonly dtype: DType; readonly layout: Layout };
}

/** One stage that sums the product of two loads over the inner axes. */
function product({ name, loops, factors, views, inner, output }: Product): Step {
  const { dtype } = output;
  const [a, b] = factors;
  const left =
    a.guard === undefined
      ? load(0, dtype, a.index)
      : guardedLoad(0, dtype, a.index, a.guard, constant(0, dtype));
  return {
    kernel: {
      name,
      outer: loops.outer,
      axes: [...Array.from({ length: loops.outer }, (_, dim) => ({ operand: 2, dim })), ...inner],
      inputs: views.map((view) => operandSpec(dtype, view)),
      scalars: a.bounds.map(() => "int32" as const),
      stages: [
        {
          axes: Array.from({ length: loops.inner }, (_, i) => loops.outer + i),
          reduce: "sum",
          value: call("mul", left, load(1, dtype, b.index)),
          dtype,
        },
      ],
      outputs: [{ ...operandSpec(dtype, output.layout), value: stageValue(0, dtype) }],
    },
    inputs: views.map((view, source) => ({ source, layout: view })),
    scalars: a.bounds.map((value) => ({ value })),
    output: { layout: output.layout, offset: 0 },
  };
}
