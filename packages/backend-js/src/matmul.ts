// Kernels with a contraction note: the product runs through `multiply.ts`, the rest of the kernel,
// its epilogue, as an ordinary kernel over the product. Small products run as plain loops.

import {
  type ContractionNote,
  coord,
  type Expr,
  type Extent,
  type Kernel,
  type Load,
  layout,
  load,
  type Operand,
  type Output,
  rewriteExpr,
} from "@chainrule/kernel";
import { addresses } from "./addresses.js";
import type { BufferPool } from "./buffer.js";
import type { Compiler, Run } from "./compile.js";
import { floatsOf, type Matrix, multiply } from "./multiply.js";

/**
 * Packing pays from here on: plain loops were as fast at 8x8x8 (Node 20), 1.4 times faster for an
 * outer product of depth 2, and 1.4 to 2.8 times for one or two rows, where a tile is mostly padding.
 */
function pays(m: number, n: number, k: number): boolean {
  return m >= 3 && n >= 2 && k >= 4 && m * n * k >= 512;
}

/** The `run` of a kernel whose product can be packed; undefined for other kernels. */
export function compileProduct(
  kernel: Kernel,
  compiler: Compiler,
  pool: BufferPool,
): Run | undefined {
  const plan = planProduct(kernel);
  if (plan === undefined) return undefined;
  const { product, epilogue } = plan;
  // Which way is decided at each run, by size; each is compiled when it is first needed.
  let small: Run | undefined;
  let large: Run | undefined;
  return (inputs, scalars, outputs) => {
    const m = countOf(product.m, inputs, outputs);
    const n = countOf(product.n, inputs, outputs);
    const k = countOf(product.k, inputs, outputs);
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
  /** The axes of rows, of columns and of the sum. */
  readonly m: readonly Axis[];
  readonly n: readonly Axis[];
  readonly k: readonly Axis[];
  /** Outer axes with one matrix product for each position. */
  readonly batch: readonly Axis[];
  /** All outer axes of the product, ascending: the dimensions of its result. */
  readonly axes: readonly Axis[];
  readonly dtype: "float32" | "float64";
}

interface Axis {
  readonly axis: number;
  readonly extent: Extent;
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
  // Integers must wrap exactly, which doubles cannot: plain loops do it.
  if (dtype === undefined || x?.kind !== "load" || y?.kind !== "load") return undefined;
  const a = factorOf(x);
  const b = factorOf(y);
  if (a === undefined || b === undefined) return undefined;
  const withExtent = (axis: number): Axis => ({ axis, extent: kernel.axes[axis] ?? 1 });
  const axes = [...note.batch, ...note.m, ...note.n].sort((p, q) => p - q);
  const product: Product = {
    a,
    b,
    m: note.m.map(withExtent),
    n: note.n.map(withExtent),
    k: note.k.map(withExtent),
    batch: note.batch.map(withExtent),
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
    axes: kept.map((axis) => renumbered(kernel.axes[axis] ?? 1, added)),
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
function renumbered(extent: Extent, added: number): Extent {
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
  const { m, n, k, batch } = product;
  const along = (axes: readonly Axis[], { layout }: Operand, dims: Factor["dims"]): Int32Array =>
    addresses(
      axes.map(({ extent }) => extentOf(extent, inputs, outputs)),
      axes.map(({ axis }) => layout.strides[dims.get(axis) ?? -1] ?? 0),
    );
  const matrix = (x: Operand, dims: Factor["dims"], rows: typeof m, columns: typeof m): Matrix => ({
    data: floatsOf(x),
    offset: x.offset,
    rows: along(rows, x, dims),
    columns: along(columns, x, dims),
  });
  const resultDims = new Map(product.axes.map(({ axis }, dim) => [axis, dim]));
  const left = matrix(a, product.a.dims, m, k);
  const right = matrix(b, product.b.dims, k, n);
  const out = matrix(result, resultDims, m, n);
  const aAt = along(batch, a, product.a.dims);
  const bAt = along(batch, b, product.b.dims);
  const outAt = along(batch, result, resultDims);
  const rows = countOf(m, inputs, outputs);
  const columns = countOf(n, inputs, outputs);
  const depth = countOf(k, inputs, outputs);
  const count = countOf(batch, inputs, outputs);
  for (let i = 0; i < count; i++)
    multiply(
      rows,
      columns,
      depth,
      shifted(left, aAt[i] ?? 0),
      shifted(right, bAt[i] ?? 0),
      shifted(out, outAt[i] ?? 0),
    );
}

function shifted(matrix: Matrix, by: number): Matrix {
  return by === 0 ? matrix : { ...matrix, offset: matrix.offset + by };
}

/** The number of positions along all of `axes`. */
function countOf(
  axes: readonly Axis[],
  inputs: readonly Operand[],
  outputs: readonly Operand[],
): number {
  let count = 1;
  for (const { extent } of axes) count *= extentOf(extent, inputs, outputs);
  return count;
}

function extentOf(extent: Extent, inputs: readonly Operand[], outputs: readonly Operand[]): number {
  if (typeof extent === "number") return extent;
  const { operand, dim } = extent;
  const found = operand < inputs.length ? inputs[operand] : outputs[operand - inputs.length];
  return found === undefined ? 0 : (found.layout.shape[dim] ?? 0);
}
