// Exact 32-bit integers out of operations that compute in doubles and wrap when they store: sums are
// right, products are once one factor has 16 bits, and `bitwiseAnd` is the only operation on bits.

import * as tf from "@tensorflow/tfjs-core";
import type { Ops } from "./ops.js";

/** An int32 scalar. */
export function int(value: number): tf.Scalar {
  return tf.scalar(value | 0, "int32");
}

/** `a · b` modulo 2³². */
export function multiply(ops: Ops, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const low = ops.bitAnd(b, int(0xffff));
  const high = ops.floorDiv(ops.sub(b, low), int(0x10000));
  return ops.add(ops.mul(a, low), ops.mul(ops.mul(a, high), int(0x10000)));
}

export function bitOr(ops: Ops, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  return ops.sub(ops.add(a, b), ops.bitAnd(a, b));
}

export function bitXor(ops: Ops, a: tf.Tensor, b: tf.Tensor): tf.Tensor {
  const both = ops.bitAnd(a, b);
  return ops.sub(ops.sub(ops.add(a, b), both), both);
}

export function bitNot(ops: Ops, a: tf.Tensor): tf.Tensor {
  return ops.sub(int(-1), a);
}

/** 2 to the power `count` modulo 2³². */
function powerOfTwo(ops: Ops, count: tf.Tensor): tf.Tensor {
  return ops.pow(int(2), count);
}

export function shiftLeft(ops: Ops, a: tf.Tensor, count: tf.Tensor): tf.Tensor {
  return ops.mul(a, powerOfTwo(ops, count));
}

/** In two halves: 2³¹ is no int32. */
export function shiftRight(ops: Ops, a: tf.Tensor, count: tf.Tensor): tf.Tensor {
  const half = ops.floorDiv(count, int(2));
  const once = ops.floorDiv(a, powerOfTwo(ops, half));
  return ops.floorDiv(once, powerOfTwo(ops, ops.sub(count, half)));
}

/** Without the copies of the sign that `shiftRight` brings in; 2³² wraps to 0, 0 - 1 keeps all bits. */
export function shiftRightLogical(ops: Ops, a: tf.Tensor, count: tf.Tensor): tf.Tensor {
  const kept = ops.sub(powerOfTwo(ops, ops.sub(int(32), count)), int(1));
  return ops.bitAnd(shiftRight(ops, a, count), kept);
}

/** `base` to the power `exponent` modulo 2³²; a negative exponent gives 0, or ±1 for base ±1. */
export function power(ops: Ops, base: tf.Tensor, exponent: tf.Tensor): tf.Tensor {
  let result: tf.Tensor = int(1);
  let square = base;
  let rest = exponent;
  for (let bit = 0; bit < 31; bit++) {
    const odd = ops.equal(ops.bitAnd(rest, int(1)), int(1));
    result = ops.where(odd, multiply(ops, result, square), result);
    square = multiply(ops, square, square);
    rest = ops.floorDiv(rest, int(2));
  }
  const isOne = ops.equal(base, int(1));
  const isMinusOne = ops.equal(base, int(-1));
  const parity = ops.sub(int(1), ops.mul(int(2), ops.bitAnd(exponent, int(1))));
  const reciprocal = ops.where(isOne, int(1), ops.where(isMinusOne, parity, int(0)));
  return ops.where(ops.less(exponent, int(0)), reciprocal, result);
}
