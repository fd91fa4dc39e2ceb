// Which dtype an operation on mixed dtypes computes in: within a kind as the array API, across
// kinds as PyTorch (bool < int < float).

import { type DType, isFloat, kindOf } from "@chainrule/kernel";

/** Row and column by the dtypes of two operands: the dtype of their combination. */
interface PromotionTable {
  readonly bool: {
    readonly bool: "bool";
    readonly uint8: "uint8";
    readonly int32: "int32";
    readonly float16: "float16";
    readonly float32: "float32";
    readonly float64: "float64";
  };
  readonly uint8: {
    readonly bool: "uint8";
    readonly uint8: "uint8";
    readonly int32: "int32";
    readonly float16: "float16";
    readonly float32: "float32";
    readonly float64: "float64";
  };
  readonly int32: {
    readonly bool: "int32";
    readonly uint8: "int32";
    readonly int32: "int32";
    readonly float16: "float16";
    readonly float32: "float32";
    readonly float64: "float64";
  };
  readonly float16: {
    readonly bool: "float16";
    readonly uint8: "float16";
    readonly int32: "float16";
    readonly float16: "float16";
    readonly float32: "float32";
    readonly float64: "float64";
  };
  readonly float32: {
    readonly bool: "float32";
    readonly uint8: "float32";
    readonly int32: "float32";
    readonly float16: "float32";
    readonly float32: "float32";
    readonly float64: "float64";
  };
  readonly float64: {
    readonly bool: "float64";
    readonly uint8: "float64";
    readonly int32: "float64";
    readonly float16: "float64";
    readonly float32: "float64";
    readonly float64: "float64";
  };
}

/** The dtype of a result that combines elements of dtypes `A` and `B`. */
export type Promote<A extends DType, B extends DType> = PromotionTable[A][B];

/** Of ints, a whole number keeps the dtype and a fraction makes it float32. */
interface NumberPromotionTable {
  readonly bool: "int32" | "float32";
  readonly uint8: "uint8" | "float32";
  readonly int32: "int32" | "float32";
  readonly float16: "float16";
  readonly float32: "float32";
  readonly float64: "float64";
}

/** The dtype of an element of dtype `D` combined with a JS number. */
export type PromoteNumber<D extends DType> = NumberPromotionTable[D];

interface FloatTable {
  readonly bool: "float32";
  readonly uint8: "float32";
  readonly int32: "float32";
  readonly float16: "float16";
  readonly float32: "float32";
  readonly float64: "float64";
}

/** The dtype of a float function of an element of dtype `D`: ints and bool become float32. */
export type FloatOf<D extends DType> = FloatTable[D];

const order: readonly DType[] = ["bool", "uint8", "int32", "float16", "float32", "float64"];

/**
 * The dtype that holds results of `a` and `b`.
 *
 * @example
 * promote("uint8", "int32") // => "int32"
 * promote("int32", "float16") // => "float16"
 */
export function promote(a: DType, b: DType): DType {
  return order.indexOf(a) >= order.indexOf(b) ? a : b;
}

/**
 * The dtype of `dtype` combined with a JS number: a number never raises a dtype within its kind, a
 * whole number makes bool an int32, a fraction makes an integer or bool a float32.
 */
export function promoteWithNumber(dtype: DType, isWhole: boolean): DType {
  if (isFloat(dtype)) return dtype;
  if (!isWhole) return "float32";
  return kindOf(dtype) === "bool" ? "int32" : dtype;
}

/** The dtype of a float function: a float dtype itself, float32 for ints and bool. */
export function floatOf(dtype: DType): DType {
  return isFloat(dtype) ? dtype : "float32";
}
