// Functions of floats that TensorFlow.js has not, or has with other values at the edges: NaN, -0,
// infinities. Each says what is wrong with its own.

import * as tf from "@tensorflow/tfjs-core";
import type { Ops } from "./ops.js";

const nan = Number.NaN;

/** A float32 scalar. */
export function float(value: number): tf.Scalar {
  return tf.scalar(value, "float32");
}

/** 0 with the sign of `x`, which is finite. */
function signedZero(ops: Ops, x: tf.Tensor): tf.Tensor {
  return ops.mul(x, float(0));
}

/** `tf.sign` makes NaN 0. */
export function sign(ops: Ops, x: tf.Tensor): tf.Tensor {
  return ops.where(tf.isNaN(x), x, tf.sign(x));
}

/** TensorFlow.js has none. */
export function trunc(ops: Ops, x: tf.Tensor): tf.Tensor {
  return ops.where(ops.less(x, float(0)), tf.ceil(x), tf.floor(x));
}

/** `tf.round` makes -0.5 a 0 without its sign. */
export function round(ops: Ops, x: tf.Tensor): tf.Tensor {
  const rounded = tf.round(x);
  return ops.where(ops.equal(rounded, float(0)), signedZero(ops, x), rounded);
}

/** What `x / y`, rounded towards 0, leaves: exact, with the sign of `x`. */
function rest(ops: Ops, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const magnitude = ops.mod(tf.abs(x), tf.abs(y));
  return ops.where(ops.less(x, float(0)), tf.neg(magnitude), magnitude);
}

function haveOtherSigns(ops: Ops, rest: tf.Tensor, y: tf.Tensor): tf.Tensor {
  return ops.notEqual(ops.less(rest, float(0)), ops.less(y, float(0)));
}

/** `tf.mod` rounds twice when signs differ, loses -0, and gives NaN for an infinite divisor. */
export function mod(ops: Ops, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const left = rest(ops, x, y);
  const moved = ops.where(haveOtherSigns(ops, left, y), ops.add(left, y), left);
  const zero = ops.where(ops.less(y, float(0)), float(-0), float(0));
  return ops.where(ops.equal(left, float(0)), zero, moved);
}

/** `tf.floorDiv` gives int32. The floor of the exact quotient, as Python's //. */
export function floorDiv(ops: Ops, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const left = rest(ops, x, y);
  const inexact = ops.and(ops.notEqual(left, float(0)), haveOtherSigns(ops, left, y));
  const whole = tf.round(ops.div(ops.sub(x, left), y));
  const floor = ops.sub(whole, tf.cast(inexact, "float32"));
  const ratio = ops.div(x, y);
  const signed = ops.where(ops.equal(floor, float(0)), signedZero(ops, ratio), floor);
  return ops.where(ops.equal(y, float(0)), ratio, signed);
}

/** `tf.pow` makes 1 to the power NaN and -1 to an infinite power NaN; C's pow, 1. */
export function pow(ops: Ops, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const isUnit = ops.and(ops.equal(x, float(-1)), tf.isInf(y));
  const isOne = ops.or(ops.equal(x, float(1)), isUnit);
  return ops.where(isOne, float(1), ops.pow(x, y));
}

/** TensorFlow.js has the natural logarithm only. */
export function log(base: 2 | 10): (ops: Ops, x: tf.Tensor) => tf.Tensor {
  const factor = base === 2 ? Math.LOG2E : Math.LOG10E;
  return (ops, x) => ops.mul(tf.log(x), float(factor));
}

/**
 * The float32 after `x` towards `y`. TensorFlow.js has none.
 * Source: Rump, Zimmermann, Boldo & Melquiond 2009, "Computing predecessor and successor in rounding
 * to nearest", BIT 49, https://doi.org/10.1007/s10543-009-0218-z, algorithm 1.
 */
export function nextAfter(ops: Ops, x: tf.Tensor, y: tf.Tensor): tf.Tensor {
  const unit = 2 ** -24;
  const least = 2 ** -149;
  const largest = float((2 - 2 ** -23) * 2 ** 127);
  const size = tf.abs(x);
  const isTiny = ops.less(size, float(2 ** -125));
  const step = ops.where(isTiny, float(least), ops.mul(size, float(unit * (1 + 2 * unit))));
  const rises = ops.greater(y, x);
  const next = ops.where(rises, ops.add(x, step), ops.sub(x, step));
  const fromInfinity = ops.where(rises, tf.neg(largest), largest);
  const moved = ops.where(tf.isInf(x), fromInfinity, next);
  // Equal numbers give the second, NaN gives NaN.
  const isOrdered = ops.or(ops.greater(x, y), rises);
  return ops.where(isOrdered, moved, ops.where(ops.equal(x, y), y, float(nan)));
}
