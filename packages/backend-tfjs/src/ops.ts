// The operations of TensorFlow.js that expressions are made of, on tensors that broadcast.

import * as tf from "@tensorflow/tfjs-core";
import type { Runtime } from "./runtime.js";
import { aligned, commonShape, stretch } from "./shapes.js";

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;

/** Operations bound to one runtime. */
export interface Ops {
  readonly runtime: Runtime;
  readonly add: Binary;
  readonly sub: Binary;
  /** Inexact for ints whose product has more than 53 bits. */
  readonly mul: Binary;
  readonly div: Binary;
  readonly floorDiv: Binary;
  readonly mod: Binary;
  readonly pow: Binary;
  readonly atan2: Binary;
  readonly maximum: Binary;
  readonly minimum: Binary;
  readonly equal: Binary;
  readonly notEqual: Binary;
  readonly less: Binary;
  readonly lessEqual: Binary;
  readonly greater: Binary;
  readonly greaterEqual: Binary;
  readonly and: Binary;
  readonly or: Binary;
  readonly bitAnd: Binary;
  /** `a` where `condition`, `b` elsewhere. */
  where(condition: tf.Tensor, a: tf.Tensor, b: tf.Tensor): tf.Tensor;
}

/** The operations on `runtime`. */
export function createOps(runtime: Runtime): Ops {
  const binary =
    (op: Binary): Binary =>
    (a, b) =>
      op(...aligned(runtime, a, b));
  return {
    runtime,
    add: binary(tf.add),
    sub: binary(tf.sub),
    mul: binary(tf.mul),
    div: binary(tf.div),
    floorDiv: binary(tf.floorDiv),
    mod: binary(tf.mod),
    pow: binary(tf.pow),
    atan2: binary(tf.atan2),
    maximum: binary(tf.maximum),
    minimum: binary(tf.minimum),
    equal: binary(tf.equal),
    notEqual: binary(tf.notEqual),
    less: binary(tf.less),
    lessEqual: binary(tf.lessEqual),
    greater: binary(tf.greater),
    greaterEqual: binary(tf.greaterEqual),
    and: binary(tf.logicalAnd),
    or: binary(tf.logicalOr),
    // `tf.bitwiseAnd` is the one that does not broadcast.
    bitAnd: (a, b) => {
      const shape = commonShape([a.shape, b.shape]);
      return tf.bitwiseAnd(stretch(runtime, a, shape), stretch(runtime, b, shape));
    },
    where: (condition, a, b) => {
      const shape = commonShape([condition.shape, a.shape, b.shape]);
      const [c, x, y] = [condition, a, b].map((each) => stretch(runtime, each, shape));
      return tf.where(c as tf.Tensor, x as tf.Tensor, y as tf.Tensor);
    },
  };
}
