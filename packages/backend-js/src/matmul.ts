// Kernels with a contraction note: the product runs through `multiply.ts`, the rest of the kernel,
// its epilogue, as an ordinary kernel over the product. Small products run as plain loops.

import {
  type ContractionNote,
  coord,
  type Expr,
  type Extent,
  type Kernel,
  type Layout,
  type Load,
  layout,
  load,
  type Operand,
  type Output,
  rewriteExpr,
} from "@chainrule/kernel";
import type { BufferPool, JsBuffer } from "./buffer.js";
import type { Compiler, Run } from "./compile.js";
import { createMultiply, type Matrix, type Multiply } from "./multiply.js";

/**
 * Packing pays from here on: plain loops were as fast at 8x8x8 (Node 20), 1.4 times faster for an
 * outer product of depth 2, and 1.4 to 2.8 times for one or two rows, where a tile is mostly padding.
 */
function pays(m: number, n: number, k: number): boolean {
  return m >= 3 && n >= 2 && k >= 4 && m * n * k >= 512;
}

let multiply: Multiply | undefined;

/** The `run` of a kernel whose product can be packed; undefined for other kernels. */
export function compileProduct(
  kernel: Kernel,
  compiler: Compiler,
  pool: BufferPool,
): Run | undefined {
  const plan = planProduct(kernel);
  if (plan === undefined) return undefined;
  const { product, epilogue } = plan;
  // 1. Which way is decided at each run, by size; each is compiled when it is first needed.
  let small: Run | undefined;
  let large: Run | undefined;
  return (inputs, scalars, outputs) => {
    const m = extentOf(product.m, inputs, outputs);
    const n = extentOf(product.n, inputs, outputs);
    const k = extentOf(product.k, inputs, outputs);
    if (compiler.generates && !pays(m, n, k)) {
      small ??= compiler.compile(kernel);
      small(inputs, scalars, outputs);
    } else {
      large ??= compileLarge(product, epilogue, compiler, pool);
      large(inputs, scalars, outputs);
    }
  };
}

/** A product as loops over matrices; the axes are those of the kernel. */
interface Product {
  readonly a: Factor;
  readonly b: Factor;
  readonly m: Extent;
  readonly n: Extent;
  readonly k: Extent;
  readonly mAxis: number | undefined;
  readonly nAxis: number | undefined;
  readonly kAxis: number;
  /** Outer axes with one matrix product for each position. */
  readonly loops: readonly { readonly axis: number; readonly extent: Extent }[];
  /** All outer axes of the product, ascending: the dimensions of its result. */
  readonly axes: readonly { readonly axis: number; readonly extent: Extent }[];
  readonly dtype: "float32" | "float64";
}

interface Factor {
  readonly input: number;
  /** For each axis the dimension that it moves along. */
  readonly dims: ReadonlyMap<number, number>;
}

/** What is left of a kernel once its product is in an array. */
interface Epilogue {
  /** Reads the product as one more input. */
  readonly kernel: Kernel;
  /** "none": the product is the output; "inPlace": it may be computed there and then changed. */
  readonly needs: "none" | "inPlace" | "temporary";
}

function planProduct(kernel: Kernel): { product: Product; epilogue: Epilogue } | undefined {
  const note = kernel.contraction;
  const stage = note === undefined ? undefined : kernel.stages[note.stage];
  if (note === undefined || stage === undefined) return undefined;
  const { value } = stage;
  const dtype = stage.dtype === "float32" || stage.dtype === "float64" ? stage.dtype : undefined;
  const [x, y] = value.kind === "call" && value.fn === "mul" ? value.args : [];
  const [kAxis, ...moreK] = note.k;
  // Integers must wrap exactly, which doubles cannot: plain loops do it.
  if (dtype === undefined || kAxis === undefined || moreK.length > 0) return undefined;
  if (x?.kind !== "load" || y?.kind !== "load") return undefined;
  const a = factorOf(x);
  const b = factorOf(y);
  const mAxis = note.m.at(-1);
  const nAxis = note.n.at(-1);
  if (a === undefined || b === undefined) return undefined;
  const extent = (axis: number | undefined): Extent =>
    axis === undefined ? 1 : (kernel.axes[axis] ?? 1);
  const withExtent = (axis: number): { axis: number; extent: Extent } => ({
    axis,
    extent: extent(axis),
  });
  const axes = [...note.batch, ...note.m, ...note.n].sort((p, q) => p - q);
  const product: Product = {
    a,
    b,
    m: extent(mAxis),
    n: extent(nAxis),
    k: extent(kAxis),
    mAxis,
    nAxis,
    kAxis,
    loops: axes.filter((axis) => axis !== mAxis && axis !== nAxis).map(withExtent),
    axes: axes.map(withExtent),
    dtype,
  };
  return { product, epilogue: epilogueOf(kernel, note, axes, dtype) };
}

function factorOf({ input, index }: Load): Factor | undefined {
  const dims = new Map<number, number>();
  for (const [dim, position] of index.entries()) {
    if (position.kind !== "coord") return undefined;
    dims.set(position.axis, dim);
  }
  return { input, dims };
}

/** The kernel with stage `note.stage` replaced by a load of one more input. */
function epilogueOf(
  kernel: Kernel,
  note: ContractionNote,
  axes: readonly number[],
  dtype: Product["dtype"],
): Epilogue {
  const added = kernel.inputs.length;
  const isGone = (axis: number): boolean => note.k.includes(axis);
  const kept = kernel.axes.map((_, axis) => axis).filter((axis) => !isGone(axis));
  const product = load(
    added,
    dtype,
    axes.map((axis) => coord(axis)),
  );
  const done = new Map<Expr, Expr>();
  const renamed = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind === "coord") return coord(kept.indexOf(node.axis));
        if (node.kind !== "stage") return node;
        if (node.stage === note.stage) return product;
        return node.stage < note.stage ? node : { ...node, stage: node.stage - 1 };
      },
      done,
    );
  const strides = axes.map((_, dim) => (dim === axes.length - 1 ? 1 : ("n" as const)));
  const [output] = kernel.outputs;
  const whole = axes.length === kernel.outer;
  const alone =
    whole && kernel.outputs.length === 1 && output?.dtype === dtype ? output : undefined;
  const isStage = alone?.value.kind === "stage" && alone.value.stage === note.stage;
  const inPlace = alone !== undefined && alone.aliases === undefined;
  const outputOf = (old: Output): Output => {
    const value = renamed(old.value);
    return inPlace ? { ...old, value, aliases: added } : { ...old, value };
  };
  const { contraction: _, ...rest } = kernel;
  const epilogue: Kernel = {
    ...rest,
    name: `${kernel.name} epilogue`,
    axes: kept.map((axis) => shifted(kernel.axes[axis] ?? 1, added)),
    inputs: [...kernel.inputs, inPlace ? { dtype, strides: alone.strides } : { dtype, strides }],
    stages: kernel.stages
      .filter((_, s) => s !== note.stage)
      .map((stage) => ({
        ...stage,
        axes: stage.axes.map((axis) => kept.indexOf(axis)),
        value: renamed(stage.value),
      })),
    outputs: kernel.outputs.map(outputOf),
  };
  return { kernel: epilogue, needs: isStage ? "none" : inPlace ? "inPlace" : "temporary" };
}

/** Outputs are numbered after the inputs, of which there is one more. */
function shifted(extent: Extent, added: number): Extent {
  if (typeof extent === "number" || extent.operand < added) return extent;
  return { ...extent, operand: extent.operand + 1 };
}

function compileLarge(
  product: Product,
  { kernel, needs }: Epilogue,
  compiler: Compiler,
  pool: BufferPool,
): Run {
  if (needs === "none")
    return (inputs, _scalars, [output]) => {
      if (output !== undefined) runProduct(product, inputs, [output], output);
    };
  const finish = compiler.compile(kernel);
  if (needs === "inPlace")
    return (inputs, scalars, outputs) => {
      const [output] = outputs;
      if (output === undefined) return;
      runProduct(product, inputs, outputs, output);
      finish([...inputs, output], scalars, outputs);
    };
  return (inputs, scalars, outputs) => {
    const shape = product.axes.map(({ extent }) => extentOf(extent, inputs, outputs));
    const temporary = layout(shape);
    const buffer = pool.make(temporary.size, product.dtype);
    const result = { buffer, layout: temporary, offset: 0, dtype: product.dtype };
    runProduct(product, inputs, outputs, result);
    finish([...inputs, result], scalars, outputs);
    pool.free(buffer);
  };
}

/** Computes the product into `result`, whose dimensions are the axes of the product in order. */
function runProduct(
  product: Product,
  inputs: readonly Operand[],
  outputs: readonly Operand[],
  result: Operand,
): void {
  const a = inputs[product.a.input];
  const b = inputs[product.b.input];
  if (a === undefined || b === undefined) return;
  const { mAxis, nAxis, kAxis, loops, axes } = product;
  const resultDims = new Map(axes.map(({ axis }, dim) => [axis, dim]));
  const strides = {
    a: strideAlong(a.layout, product.a.dims),
    b: strideAlong(b.layout, product.b.dims),
    out: strideAlong(result.layout, resultDims),
  };
  const m = extentOf(product.m, inputs, outputs);
  const n = extentOf(product.n, inputs, outputs);
  const k = extentOf(product.k, inputs, outputs);
  multiply ??= createMultiply();
  const run = multiply;
  const matrix = (operand: Operand, offset: number, row: number, column: number): Matrix => ({
    data: (operand.buffer as JsBuffer).data as Matrix["data"],
    offset,
    rowStride: row,
    columnStride: column,
  });
  const each = (depth: number, atA: number, atB: number, atOut: number): void => {
    const loop = loops[depth];
    if (loop === undefined) {
      run(
        m,
        n,
        k,
        matrix(a, atA, strides.a(mAxis), strides.a(kAxis)),
        matrix(b, atB, strides.b(kAxis), strides.b(nAxis)),
        matrix(result, atOut, strides.out(mAxis), strides.out(nAxis)),
      );
      return;
    }
    const count = extentOf(loop.extent, inputs, outputs);
    const [stepA, stepB] = [strides.a(loop.axis), strides.b(loop.axis)];
    const stepOut = strides.out(loop.axis);
    for (let i = 0; i < count; i++)
      each(depth + 1, atA + i * stepA, atB + i * stepB, atOut + i * stepOut);
  };
  each(0, a.offset, b.offset, result.offset);
}

/** How far `layout` moves along an axis; 0 along axes it does not have. */
function strideAlong(
  { strides }: Layout,
  dims: ReadonlyMap<number, number>,
): (axis: number | undefined) => number {
  return (axis) => {
    const dim = axis === undefined ? undefined : dims.get(axis);
    return dim === undefined ? 0 : (strides[dim] ?? 0);
  };
}

function extentOf(extent: Extent, inputs: readonly Operand[], outputs: readonly Operand[]): number {
  if (typeof extent === "number") return extent;
  const { operand, dim } = extent;
  const found = operand < inputs.length ? inputs[operand] : outputs[operand - inputs.length];
  return found === undefined ? 0 : (found.layout.shape[dim] ?? 0);
}
