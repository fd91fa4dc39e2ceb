// A kernel: loops over outer axes, reductions (stages) inside them, and one or more outputs.
// It is symbolic in sizes: extents, strides, offsets and user numbers are arguments of a run, so
// one kernel serves every size. `spec.ts` says what a well-formed kernel is.

import type { DType } from "./dtype.js";
import type { Expr } from "./expr.js";
import type { Layout } from "./layout.js";

/** How fast an operand's address moves along a dimension: not at all, by one element, or by n. */
export type StrideClass = 0 | 1 | "n";

/**
 * The extent of an axis: a constant, or the size of dimension `dim` of an operand. Operands are
 * numbered inputs first, then outputs.
 */
export type Extent = number | { readonly operand: number; readonly dim: number };

/** An array the kernel reads or writes: its dtype and the stride class of each dimension. */
export interface OperandSpec {
  readonly dtype: DType;
  readonly strides: readonly StrideClass[];
}

/** How a stage combines the values it runs over; arg reductions give the first winning position. */
export type Reducer = "sum" | "prod" | "max" | "min" | "argmax" | "argmin";

/**
 * A reduction of `value` over `axes`, computed once for each position of the outer axes that it
 * depends on. NaN wins max, min, argmax and argmin. An empty sum is 0, an empty product 1, an empty
 * max -Infinity (the lowest integer), an empty min the opposite. An arg reduction is an int32: the
 * row-major position within `axes`, in their order.
 */
export interface Stage {
  readonly axes: readonly number[];
  readonly reduce: Reducer;
  readonly value: Expr;
  readonly dtype: DType;
}

/** One array that is written: element by element over all outer axes, in their order. */
export interface Output extends OperandSpec {
  readonly value: Expr;
  /** The input whose buffer this output overwrites: each element is read before it is written. */
  readonly aliases?: number;
}

/**
 * Says that stage `stage` is a (batched) matrix product: the sum over axes `k` of a load of input
 * `a`, which moves with `batch`, `m`, `k`, times a load of input `b`, which moves with `batch`, `n`,
 * `k`. The spec verifies it against the loops; generators rely on it.
 */
export interface ContractionNote {
  readonly stage: number;
  readonly a: number;
  readonly b: number;
  readonly batch: readonly number[];
  readonly m: readonly number[];
  readonly n: readonly number[];
  readonly k: readonly number[];
}

/** A kernel; axes 0 to `outer` - 1 are the outer ones, each later axis belongs to one stage. */
export interface Kernel {
  /** For people: the operation it was lowered from. */
  readonly name: string;
  readonly outer: number;
  readonly axes: readonly Extent[];
  readonly inputs: readonly OperandSpec[];
  /** The dtypes of the run-time scalars. */
  readonly scalars: readonly DType[];
  readonly stages: readonly Stage[];
  readonly outputs: readonly Output[];
  readonly contraction?: ContractionNote;
}

/** A backend's memory for one array. Only the backend that made it looks inside. */
export type BufferHandle = object;

/** An argument of a run: a buffer seen through a layout, starting at element `offset`. */
export interface Operand {
  readonly buffer: BufferHandle;
  readonly layout: Layout;
  readonly offset: number;
  readonly dtype: DType;
}

/** A kernel ready to run. Operands are valid during the call only: keep none of them. */
export interface CompiledKernel {
  run(inputs: readonly Operand[], scalars: readonly number[], outputs: readonly Operand[]): void;
}

/** The stride class of a stride. */
export function strideClass(stride: number): StrideClass {
  return stride === 0 || stride === 1 ? stride : "n";
}

/** The operand spec of an array of `dtype` in `layout`. */
export function operandSpec(dtype: DType, layout: Layout): OperandSpec {
  return { dtype, strides: layout.strides.map(strideClass) };
}

/** Operand `index` of a kernel: inputs first, then outputs. */
export function operandAt(kernel: Kernel, index: number): OperandSpec {
  const operand = kernel.inputs[index] ?? kernel.outputs[index - kernel.inputs.length];
  if (operand === undefined) throw new RangeError(`kernel ${kernel.name} has no operand ${index}`);
  return operand;
}

/** The extents of all axes, read off the layouts of the operands. */
export function extentsOf(kernel: Kernel, layouts: readonly Layout[]): number[] {
  return kernel.axes.map((extent) =>
    typeof extent === "number" ? extent : (layouts[extent.operand]?.shape[extent.dim] ?? 0),
  );
}
