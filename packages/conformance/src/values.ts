// Operands and results as cases write them: nested numbers, with a dtype where it matters.

import { convertNumber, type DType, newArray, type TypedArray } from "@chainrule/kernel";

/** Numbers or booleans, nested as deep as there are axes. */
export type Nested = number | boolean | readonly Nested[];

/** Values of a dtype of their own; made by {@link int32} and the like. */
export interface Typed {
  readonly dtype: DType;
  readonly values: Nested;
  /** For shapes that nesting cannot show, such as [0, 3]. */
  readonly shape?: readonly number[];
}

/**
 * An operand or result in a case. Numbers take the float dtype the case is run in, booleans are bool.
 * A bare number is passed as a number, not as a tensor.
 */
export type Values = Nested | Typed;

/** Elements in row-major order with their shape; dtype "float" stands for the one of the run. */
export interface HostArray {
  readonly shape: readonly number[];
  readonly dtype: DType | "float";
  readonly data: readonly number[];
}

/** Values of dtype int32. */
export function int32(values: Nested, shape?: readonly number[]): Typed {
  return typed("int32", values, shape);
}

/** Values of dtype uint8. */
export function uint8(values: Nested, shape?: readonly number[]): Typed {
  return typed("uint8", values, shape);
}

/** Values of dtype bool. */
export function bool(values: Nested, shape?: readonly number[]): Typed {
  return typed("bool", values, shape);
}

/** Values of the given float dtype, whichever one the case is run in. */
export function typed(dtype: DType, values: Nested, shape?: readonly number[]): Typed {
  return shape === undefined ? { dtype, values } : { dtype, values, shape };
}

/** The elements and shape of `values`. */
export function hostArray(values: Values): HostArray {
  const { dtype, values: nested, shape } = isTyped(values) ? values : untyped(values);
  const data: number[] = [];
  const collect = (value: Nested): void => {
    if (typeof value === "number" || typeof value === "boolean") data.push(Number(value));
    else for (const each of value) collect(each);
  };
  collect(nested);
  return { shape: shape ?? shapeOf(nested), dtype, data };
}

/** The same; a bare number stays one. */
export function operandOf(values: Values): HostArray | number {
  return typeof values === "number" ? values : hostArray(values);
}

/** Whether `values` name their dtype. */
export function isTyped(values: Values): values is Typed {
  return typeof values === "object" && "values" in values && !Array.isArray(values);
}

/** The dtype of an array when floats are run in `float`. */
export function dtypeIn(array: HostArray, float: DType): DType {
  return array.dtype === "float" ? float : array.dtype;
}

/**
 * Whether `array` has ints that need all 32 bits: beyond what a float32 holds exactly, or large enough
 * that products of two are.
 */
export function needsInt32(array: HostArray | number): boolean {
  if (typeof array === "number" || array.dtype !== "int32") return false;
  return array.data.some((value) => Math.abs(value) >= 2 ** 15);
}

/** The elements of an array as `dtype` stores them. */
export function storedAs(data: readonly number[], dtype: DType): TypedArray {
  const stored = newArray(dtype, data.length);
  for (const [i, value] of data.entries()) stored[i] = convertNumber(value, dtype);
  return stored;
}

function untyped(values: Nested): {
  dtype: DType | "float";
  values: Nested;
  shape?: readonly number[];
} {
  let leaf: Nested = values;
  while (typeof leaf === "object") {
    const [first] = leaf;
    if (first === undefined) break;
    leaf = first;
  }
  return { dtype: typeof leaf === "boolean" ? "bool" : "float", values };
}

function shapeOf(values: Nested): number[] {
  if (typeof values !== "object") return [];
  const [first] = values;
  return [values.length, ...(first === undefined ? [] : shapeOf(first))];
}
