import { init, type Array as JaxArray, jit, nn, numpy as np, valueAndGrad } from "@jax-js/jax";
import { batch, labels, lr, parameters, x } from "./data.js";

await init("wasm");

function lossOf(weights: JaxArray[], images: JaxArray, classes: JaxArray): JaxArray {
  const [w1, b1, w2, b2, w3, b3] = weights as [
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
    JaxArray,
  ];
  const h1 = nn.relu(np.dot(images, w1.transpose()).add(b1));
  const h2 = nn.relu(np.dot(h1, w2.transpose()).add(b2));
  const logits = np.dot(h2, w3.transpose()).add(b3);
  return nn
    .logSoftmax(logits)
    .mul(nn.oneHot(classes, 10))
    .sum()
    .mul(-1 / batch);
}

const update = jit((weights: JaxArray[], images: JaxArray, classes: JaxArray) => {
  const kept = weights.map((weight) => weight.ref);
  const [loss, slopes] = valueAndGrad(lossOf)(kept, images, classes) as [JaxArray, JaxArray[]];
  return [loss, slopes.map((slope, i) => np.subtract(weights[i] as JaxArray, slope.mul(lr)))];
});

const [loss] = update(
  parameters.map(({ data, shape }) => np.array(data, { shape: [...shape] })),
  np.array(x, { shape: [batch, 784] }),
  np.array(labels),
) as [JaxArray, JaxArray[]];
console.log(loss.dataSync()[0]);
