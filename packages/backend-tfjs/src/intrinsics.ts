// One entry per intrinsic of the kernel language. Most are one operation of TensorFlow.js.

import { constant, type DType, type Expr, type Intrinsic, isFloat } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import * as float from "./float.js";
import * as integer from "./integer.js";
import { int } from "./integer.js";
import type { Ops } from "./ops.js";

/** What a call is made of: its arguments as tensors, and as expressions for what they tell. */
export interface CallParts {
  readonly ops: Ops;
  readonly args: readonly tf.Tensor[];
  readonly exprs: readonly Expr[];
}

type Emit = (parts: CallParts) => tf.Tensor;
type Of1 = (ops: Ops, x: tf.Tensor) => tf.Tensor;
type Of2 = (ops: Ops, x: tf.Tensor, y: tf.Tensor) => tf.Tensor;
type BinaryName = Exclude<keyof Ops, "runtime" | "where">;

const none = (): tf.Tensor => tf.scalar(0);
const of1 =
  (run: Of1): Emit =>
  ({ ops, args: [x = none()] }) =>
    run(ops, x);
const of2 =
  (run: Of2): Emit =>
  ({ ops, args: [x = none(), y = none()] }) =>
    run(ops, x, y);
const direct = (run: (x: tf.Tensor) => tf.Tensor): Emit => of1((_, x) => run(x));
const named = (name: BinaryName): Emit => of2((ops, x, y) => ops[name](x, y));
/** One way for floats, another for ints. */
const split =
  (floats: Emit, ints: Emit): Emit =>
  (parts) =>
    isFloat(parts.exprs[0]?.dtype ?? "float32") ? floats(parts) : ints(parts);
/** One way for bools, another for numbers. */
const bools =
  (own: Emit, others: Emit): Emit =>
  (parts) =>
    parts.exprs[0]?.dtype === "bool" ? own(parts) : others(parts);
const same: Emit = direct((x) => x);

/** How each intrinsic is computed; results of uint8 are wrapped by {@link emitCall}. */
const emitters: Readonly<Record<Intrinsic, Emit>> = {
  add: named("add"),
  sub: named("sub"),
  mul: split(named("mul"), multiplyInts),
  div: named("div"),
  floorDiv: split(of2(float.floorDiv), named("floorDiv")),
  mod: split(of2(float.mod), named("mod")),
  pow: split(powFloats, of2(integer.power)),
  neg: direct(tf.neg),
  abs: split(
    direct(tf.abs),
    // `tf.abs` of ints goes through float32.
    of1((ops, x) => ops.maximum(x, tf.neg(x))),
  ),
  sign: split(of1(float.sign), direct(tf.sign)),
  floor: split(direct(tf.floor), same),
  ceil: split(direct(tf.ceil), same),
  trunc: split(of1(float.trunc), same),
  round: split(of1(float.round), same),
  nextAfter: of2(float.nextAfter),
  max: bools(named("or"), named("maximum")),
  min: bools(named("and"), named("minimum")),
  select: ({ ops, args: [condition = none(), x = none(), y = none()] }) =>
    ops.where(condition, x, y),
  exp: direct(tf.exp),
  expm1: direct(tf.expm1),
  log: direct(tf.log),
  log1p: direct(tf.log1p),
  log2: of1(float.log(2)),
  log10: of1(float.log(10)),
  sqrt: direct(tf.sqrt),
  sin: direct(tf.sin),
  cos: direct(tf.cos),
  tan: direct(tf.tan),
  asin: direct(tf.asin),
  acos: direct(tf.acos),
  atan: direct(tf.atan),
  atan2: named("atan2"),
  sinh: direct(tf.sinh),
  cosh: direct(tf.cosh),
  tanh: direct(tf.tanh),
  asinh: direct(tf.asinh),
  acosh: direct(tf.acosh),
  atanh: direct(tf.atanh),
  eq: named("equal"),
  ne: named("notEqual"),
  lt: named("less"),
  le: named("lessEqual"),
  gt: named("greater"),
  ge: named("greaterEqual"),
  and: named("and"),
  or: named("or"),
  xor: named("notEqual"),
  not: direct(tf.logicalNot),
  bitAnd: named("bitAnd"),
  bitOr: of2(integer.bitOr),
  bitXor: of2(integer.bitXor),
  bitNot: of1(integer.bitNot),
  shiftLeft: of2(integer.shiftLeft),
  shiftRight: of2(integer.shiftRight),
  shiftRightLogical: of2(integer.shiftRightLogical),
  copy: same,
};

/** The value of a call of `fn` whose result has `dtype`. */
export function emitCall(fn: Intrinsic, dtype: DType, parts: CallParts): tf.Tensor {
  const value = emitters[fn](parts);
  return dtype === "uint8" && leavesUint8.has(fn) ? parts.ops.bitAnd(value, int(255)) : value;
}

const leavesUint8: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  "add",
  "sub",
  "mul",
  "pow",
  "neg",
  "abs",
  "bitNot",
  "shiftLeft",
]);

/** One operation where the product is sure to fit 53 bits. */
function multiplyInts({ ops, args: [x = none(), y = none()], exprs }: CallParts): tf.Tensor {
  const fits = exprs.some(
    (expr) => expr.dtype === "uint8" || (expr.kind === "const" && Math.abs(expr.value) <= 2 ** 21),
  );
  return fits ? ops.mul(x, y) : integer.multiply(ops, x, y);
}

/** A known finite exponent meets none of the edges. */
function powFloats(parts: CallParts): tf.Tensor {
  const exponent = parts.exprs[1] ?? constant(Number.NaN);
  const isPlain = exponent.kind === "const" && Number.isFinite(exponent.value);
  return isPlain ? named("pow")(parts) : of2(float.pow)(parts);
}

/** `x` of dtype `from` as a `to`: floats truncate and saturate, NaN is 0; ints wrap. */
export function emitCast(ops: Ops, x: tf.Tensor, from: DType, to: DType): tf.Tensor {
  if (from === to) return x;
  if (to === "bool") return ops.notEqual(x, isFloat(from) ? float.float(0) : int(0));
  // tfjs-cpu keeps the array of ints when it casts, so that later sums see more digits than a float
  // has: a product by 1 makes it floats.
  if (isFloat(to)) return tf.mul(tf.cast(x, "float32"), float.float(1));
  if (from === "bool") return tf.cast(x, "int32");
  if (!isFloat(from)) return to === "uint8" ? ops.bitAnd(x, int(255)) : x;
  const limit = 2 ** 31;
  // `tf.cast` wraps what is out of range; 2³¹ - 128 is the last float32 before it.
  if (to === "uint8") return tf.cast(tf.clipByValue(x, 0, 255), "int32");
  const inside = tf.cast(tf.clipByValue(x, -limit, limit - 128), "int32");
  return ops.where(ops.greaterEqual(x, float.float(limit)), int(limit - 1), inside);
}
