// What the TensorFlow.js backend in use can do, found out by trying when it is opened.

import type { Capabilities } from "@chainrule/core";
import * as tf from "@tensorflow/tfjs-core";
import { int, multiply } from "./integer.js";
import type { Ops } from "./ops.js";

/** Whether ints have 32 bits, and NaN and infinities are those of IEEE 754. */
export async function measure(ops: Ops): Promise<Pick<Capabilities, "nan" | "exactInt32">> {
  return {
    exactInt32: await holds(() => {
      const product = multiply(ops, int(0x7654321b), int(-0x1234567d));
      return tf.equal(product, int(Math.imul(0x7654321b, -0x1234567d)));
    }),
    nan: (await holds(() => {
      const nan = tf.div(tf.scalar(0), tf.scalar(0));
      const infinite = tf.isInf(tf.div(tf.scalar(1), tf.scalar(0)));
      return ops.and(tf.isNaN(tf.maximum(nan, tf.scalar(1))), infinite);
    }))
      ? "ieee"
      : "best-effort",
  };

  async function holds(compute: () => tf.Tensor): Promise<boolean> {
    let result: tf.Tensor | undefined;
    try {
      result = ops.runtime.run(() => tf.keep(compute()));
      return (await result.data())[0] === 1;
    } catch {
      // Such as a backend without `bitwiseAnd`.
      return false;
    } finally {
      result?.dispose();
    }
  }
}
