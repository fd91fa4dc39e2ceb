// The scalar meaning of every intrinsic and cast, in plain numbers: the interpreter runs on it and
// the simplifier folds constants with it. Floats are doubles here, integers wrap to their width.

import { convertNumber, type DType, kindOf } from "./dtype.js";
import type { Intrinsic } from "./intrinsics.js";

/**
 * The value of `fn(...args)` for a call of dtype `dtype`; bools are 0 and 1.
 *
 * @example
 * evaluateCall("add", "int32", [2147483647, 1]) // => -2147483648
 * evaluateCall("floorDiv", "float32", [-7, 2]) // => -4
 */
export function evaluateCall(fn: Intrinsic, dtype: DType, args: readonly number[]): number {
  const [x = 0, y = 0, z = 0] = args;
  return wrap(functions[fn](x, y, z, dtype), dtype);
}

/**
 * `value` of dtype `from` as a `to`: as {@link convertNumber}, except that integers wrap when they
 * are narrowed.
 *
 * @example
 * evaluateCast(300, "int32", "uint8") // => 44
 * evaluateCast(300, "float32", "uint8") // => 255
 */
export function evaluateCast(value: number, from: DType, to: DType): number {
  return kindOf(from) === "int" && to === "uint8" ? value & 255 : convertNumber(value, to);
}

/** `value` reduced to the width of an integer `dtype`; floats and bools pass unchanged. */
export function wrap(value: number, dtype: DType): number {
  if (dtype === "int32") return value | 0;
  return dtype === "uint8" ? value & 255 : value;
}

type Scalar3 = (x: number, y: number, z: number, dtype: DType) => number;

const functions: Readonly<Record<Intrinsic, Scalar3>> = {
  add: (x, y) => x + y,
  sub: (x, y) => x - y,
  mul: (x, y, _, dtype) => (kindOf(dtype) === "int" ? Math.imul(x, y) : x * y),
  div: (x, y) => x / y,
  floorDiv: (x, y, _, dtype) =>
    kindOf(dtype) !== "int" ? floorDivide(x, y) : y === 0 ? 0 : Math.floor(x / y),
  mod: (x, y, _, dtype) => (kindOf(dtype) === "int" && y === 0 ? 0 : modulo(x, y)),
  pow: (x, y, _, dtype) => (kindOf(dtype) === "int" ? integerPower(x, y) : power(x, y)),
  neg: (x) => -x,
  abs: Math.abs,
  sign: (x) => Math.sign(x) + 0, // + 0 turns -0 into 0
  floor: Math.floor,
  ceil: Math.ceil,
  trunc: Math.trunc,
  round: roundHalfEven,
  nextAfter: (x, y, _, dtype) => (dtype === "float64" ? nextDouble(x, y) : nextFloat(x, y)),
  max: (x, y) => Math.max(x, y),
  min: (x, y) => Math.min(x, y),
  select: (x, y, z) => (x !== 0 ? y : z),
  exp: Math.exp,
  expm1: Math.expm1,
  log: Math.log,
  log1p: Math.log1p,
  log2: Math.log2,
  log10: Math.log10,
  sqrt: Math.sqrt,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  atan2: Math.atan2,
  sinh: Math.sinh,
  cosh: Math.cosh,
  tanh: Math.tanh,
  asinh: Math.asinh,
  acosh: Math.acosh,
  atanh: Math.atanh,
  eq: (x, y) => Number(x === y),
  ne: (x, y) => Number(x !== y),
  lt: (x, y) => Number(x < y),
  le: (x, y) => Number(x <= y),
  gt: (x, y) => Number(x > y),
  ge: (x, y) => Number(x >= y),
  and: (x, y) => x & y,
  or: (x, y) => x | y,
  xor: (x, y) => x ^ y,
  not: (x) => 1 - x,
  bitAnd: (x, y) => x & y,
  bitOr: (x, y) => x | y,
  bitXor: (x, y) => x ^ y,
  bitNot: (x) => ~x,
  shiftLeft: (x, y) => x << y,
  shiftRight: (x, y) => x >> y,
  shiftRightLogical: (x, y) => x >>> y,
  copy: (x) => x,
};

function copySign(magnitude: number, sign: number): number {
  return sign < 0 || Object.is(sign, -0) ? -Math.abs(magnitude) : Math.abs(magnitude);
}

/** x - floor(x / y) * y without the rounding of the quotient, as Python's %. */
function modulo(x: number, y: number): number {
  const rest = x % y;
  if (rest === 0) return copySign(0, y);
  return rest < 0 !== y < 0 ? rest + y : rest;
}

/** The floor of the exact quotient, as Python's //; floor(x / y) says 10 for 1 // 0.1, not 9. */
function floorDivide(x: number, y: number): number {
  if (y === 0 || Number.isNaN(x) || Number.isNaN(y)) return x / y;
  const rest = x % y;
  // Unless y divides x, a quotient below 0 is one less than the truncated one.
  const quotient = (x - rest) / y - (rest !== 0 && rest < 0 !== y < 0 ? 1 : 0);
  if (quotient === 0) return copySign(0, x / y);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}

/** C's pow: 1 to any power and anything to the power 0 are 1, NaN included. */
function power(x: number, y: number): number {
  if (x === 1) return 1;
  if (x === -1 && Math.abs(y) === Number.POSITIVE_INFINITY) return 1;
  return x ** y;
}

function integerPower(base: number, exponent: number): number {
  if (exponent < 0) return base === 1 ? 1 : base === -1 ? (exponent % 2 === 0 ? 1 : -1) : 0;
  let result = 1;
  let square = base;
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}

function roundHalfEven(x: number): number {
  const unit = 2 ** 52; // above it every double is an integer, so adding it rounds to even
  return Math.abs(x) < unit ? copySign(Math.abs(x) + unit - unit, x) : x;
}

/** The bits of a float, read as an integer, count up with its magnitude, across exponents too. */
function nextFloat(from: number, to: number): number {
  const [x, y] = [Math.fround(from), Math.fround(to)];
  if (Number.isNaN(x)) return x;
  if (x === y || Number.isNaN(y)) return y;
  if (x === 0) return y > 0 ? 2 ** -149 : -(2 ** -149);
  const float = Float32Array.of(x);
  const bits = new Int32Array(float.buffer);
  bits[0] = (bits[0] ?? 0) + (y > x === x > 0 ? 1 : -1);
  return float[0] ?? Number.NaN;
}

function nextDouble(x: number, y: number): number {
  if (Number.isNaN(x)) return x;
  if (x === y || Number.isNaN(y)) return y;
  if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
  const float = Float64Array.of(x);
  const bits = new BigInt64Array(float.buffer);
  bits[0] = (bits[0] ?? 0n) + (y > x === x > 0 ? 1n : -1n);
  return float[0] ?? Number.NaN;
}
