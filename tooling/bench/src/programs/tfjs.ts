import * as tf from "@tensorflow/tfjs-core";
import "@tensorflow/tfjs-core/dist/register_all_gradients.js";
import { batch, labels, lr, parameters, x } from "./data.js";

/** Prints the loss of one step on the TensorFlow.js backend called `name`. */
export async function trainOnce(name: string): Promise<void> {
  tf.env().set("PROD", true); // no greeting
  await tf.setBackend(name);
  const weights = parameters.map(({ data, shape }) =>
    tf.variable(tf.transpose(tf.tensor(data, [...shape]))),
  );
  const [w1, b1, w2, b2, w3, b3] = weights as [
    tf.Variable<tf.Rank.R2>,
    tf.Variable<tf.Rank.R1>,
    tf.Variable<tf.Rank.R2>,
    tf.Variable<tf.Rank.R1>,
    tf.Variable<tf.Rank.R2>,
    tf.Variable<tf.Rank.R1>,
  ];
  const loss = tf.train.sgd(lr).minimize(() => {
    const h1 = tf.relu(tf.add(tf.matMul(tf.tensor2d(x, [batch, 784]), w1), b1));
    const h2 = tf.relu(tf.add(tf.matMul(h1 as tf.Tensor2D, w2), b2));
    const logits = tf.add(tf.matMul(h2 as tf.Tensor2D, w3), b3);
    return tf.losses.softmaxCrossEntropy(tf.oneHot(tf.tensor1d(labels, "int32"), 10), logits);
  }, true);
  console.log(loss?.dataSync()[0]);
}
