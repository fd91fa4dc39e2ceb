import { callRunner, type Runner, type Tasks, trainingRunner } from "../runner.js";
import type { Call, HostArray, Layer, Training } from "../task.js";
import { handWrittenMlp } from "../yardsticks/mlp.js";
import type { Product } from "../yardsticks/products.js";
import { handWrittenXnor } from "../yardsticks/xnor.js";

/** What is written out by hand: W1, W4 and products. */
export function typedArrays(product: Product): Tasks {
  return {
    training: (task) => (task.loss === "crossEntropy" ? mlp(task, product) : xnor(task)),
    call: (task) => matmul(task, product),
  };
}

function mlp(task: Training, product: Product): Runner {
  const { layers, optimizer, parameters, batches } = task;
  const linear = layers.filter((layer) => layer.name === "linear");
  const alternate = layers.every(({ name }, i) => name === (i % 2 === 0 ? "linear" : "relu"));
  if (!alternate || optimizer.name !== "sgd") throw new Error("not written by hand");
  const sizes = [...linear.map(({ inputs }) => inputs), linear.at(-1)?.outputs ?? 0];
  const weights = linear.map((_, i) => ({
    weight: (parameters[2 * i] as HostArray).data,
    bias: (parameters[2 * i + 1] as HostArray).data,
  }));
  const batch = batches[0]?.x.shape[0] ?? 0;
  const step = handWrittenMlp(sizes, weights, batch, optimizer.lr, product);
  return trainingRunner(task, {
    give: (batch) => batch,
    step: ({ x, y }) => step(x.data, y?.data as Int32Array),
  });
}

const xnorLayers: readonly Layer["name"][] = ["linear", "sigmoid", "linear", "sigmoid"];

function xnor(task: Training): Runner {
  const { layers, parameters, batches, optimizer, loss } = task;
  const isXnor = loss === "squaredError" && layers.every(({ name }, i) => name === xnorLayers[i]);
  if (!isXnor) throw new Error("not written by hand");
  const [w1, b1, w2, b2] = parameters.map(({ data }) => data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const rows = batches[0];
  const step = handWrittenXnor(
    { w1, b1, w2, b2 },
    rows?.x.data as Float32Array,
    rows?.y?.data as Float32Array,
    optimizer.lr,
  );
  return trainingRunner(task, { give: () => null, step });
}

function matmul(task: Call, product: Product): Runner {
  const [a, b] = task.inputs;
  if (task.function !== "matmul" || a === undefined || b === undefined) {
    throw new Error("not written by hand");
  }
  const [m = 0, k = 0] = a.shape;
  const n = b.shape[1] ?? 0;
  const c = new Float32Array(m * n);
  return callRunner(
    () => {
      product(c, a.data, b.data, m, n, k, k, 1, n, 1);
      return c;
    },
    (result) => result,
  );
}
