// Element types: their names, their arrays and the numbers they can hold. Promotion between
// dtypes is a rule about operations and lives in core.

/** The element types a tensor can have; a backend declares which of them it supports. */
export type DType = "float32" | "float64" | "float16" | "int32" | "uint8" | "bool";

/** A kind groups dtypes: an operation across kinds moves up this list, bool < int < float. */
export type DTypeKind = "bool" | "int" | "float";

/** The typed array that holds elements of dtype `D`: a bool is one byte, 0 or 1. */
export type TypedArrayOf<D extends DType> = D extends "float32"
  ? Float32Array
  : D extends "float64"
    ? Float64Array
    : D extends "float16"
      ? Uint16Array
      : D extends "int32"
        ? Int32Array
        : Uint8Array;

export type TypedArray = Float32Array | Float64Array | Int32Array | Uint8Array | Uint16Array;

interface DTypeInfo {
  readonly code: number;
  readonly kind: DTypeKind;
  readonly bytes: number;
}

const info: Readonly<Record<DType, DTypeInfo>> = {
  bool: { code: 0, kind: "bool", bytes: 1 },
  uint8: { code: 1, kind: "int", bytes: 1 },
  int32: { code: 2, kind: "int", bytes: 4 },
  float16: { code: 3, kind: "float", bytes: 2 },
  float32: { code: 4, kind: "float", bytes: 4 },
  float64: { code: 5, kind: "float", bytes: 8 },
};

/** Every dtype, from the narrowest kind to the widest. */
export const dtypes: readonly DType[] = Object.keys(info) as DType[];

/** Whether `value` names a dtype. */
export function isDType(value: unknown): value is DType {
  return typeof value === "string" && Object.hasOwn(info, value);
}

/** The kind of `dtype`: "bool", "int" or "float". */
export function kindOf(dtype: DType): DTypeKind {
  return info[dtype].kind;
}

/** Whether `dtype` is a floating-point type, the only ones that carry gradients. */
export function isFloat(dtype: DType): boolean {
  return info[dtype].kind === "float";
}

/** Bytes per element. */
export function bytesPerElement(dtype: DType): number {
  return info[dtype].bytes;
}

/** A small number that stands for `dtype` in cache keys, 0 to 7. */
export function dtypeCode(dtype: DType): number {
  return info[dtype].code;
}

/** A zero-filled typed array for `length` elements of `dtype`. */
export function newArray<D extends DType>(dtype: D, length: number): TypedArrayOf<D> {
  return allocate(dtype, length) as TypedArrayOf<D>;
}

function allocate(dtype: DType, length: number): TypedArray {
  switch (dtype) {
    case "float32":
      return new Float32Array(length);
    case "float64":
      return new Float64Array(length);
    case "float16":
      return new Uint16Array(length);
    case "int32":
      return new Int32Array(length);
    case "uint8":
    case "bool":
      return new Uint8Array(length);
    default:
      return dtype satisfies never;
  }
}

/**
 * Converts one number to what `dtype` stores: floats round to nearest, integers truncate, saturate
 * and take NaN as 0, bool is 0 or 1.
 *
 * @example
 * convertNumber(2.9, "int32") // => 2
 * convertNumber(300, "uint8") // => 255
 * convertNumber(NaN, "bool") // => 1
 */
export function convertNumber(value: number, dtype: DType): number {
  switch (dtype) {
    case "float64":
      return value;
    case "float32":
    case "float16":
      return Math.fround(value);
    case "int32":
      return saturate(value, -2147483648, 2147483647);
    case "uint8":
      return saturate(value, 0, 255);
    case "bool":
      return value === 0 ? 0 : 1;
    default:
      return dtype satisfies never;
  }
}

function saturate(value: number, low: number, high: number): number {
  if (Number.isNaN(value)) return 0;
  return Math.min(high, Math.max(low, Math.trunc(value))) + 0; // + 0 turns -0 into 0
}
