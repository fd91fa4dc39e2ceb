// One seed gives the same bits on every backend: tensors, initial weights, masks, orders.

import { gpujs } from "@chainrule/backend-gpujs";
import { tfjs } from "@chainrule/backend-tfjs";
import * as init from "@chainrule/init";
import * as tf from "@tensorflow/tfjs-core";
import {
  type Backend,
  BatchNorm1d,
  bernoulli,
  Conv1d,
  Conv2d,
  Conv3d,
  DataLoader,
  Dropout,
  defaultGenerator,
  dropout,
  Embedding,
  type Initializer,
  interpreter,
  js,
  LayerNorm,
  Linear,
  manualSeed,
  moons,
  ones,
  PReLU,
  rand,
  randint,
  randn,
  randperm,
  Sequential,
  setBackend,
  type Tensor,
  TensorDataset,
} from "chainrule";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

/** Bits are made on the host for a backend whose int32 arithmetic is not exact. */
function inexact(): Backend {
  const backend = interpreter();
  return { ...backend, capabilities: { ...backend.capabilities, exactInt32: false } };
}

/** Needs more than the 24 bits of a float. */
const wide = "randint of 31 bits";

const factories: Readonly<Record<string, () => Backend | Promise<Backend>>> = {
  interpreter,
  "interpreter without exact int32": inexact,
  tfjs: () => tfjs(),
  gpujs: () => gpujs(),
};

let opened: ReadonlyMap<string, Backend>;
beforeAll(async () => {
  tf.env().set("PROD", true); // tfjs-cpu greets on the first use
  const open = async (name: string): Promise<[string, Backend]> => {
    const backend = await factories[name]?.();
    return [name, backend ?? js()];
  };
  opened = new Map(await Promise.all(Object.keys(factories).map(open)));
});
afterAll(() => Promise.all([...opened.values()].map((backend) => backend.close())));

type Make = () => Iterable<Tensor>;

/** The bytes of what `make` makes on `backend`, and where the generator stands afterwards. */
async function bytesOn(backend: Backend, make: Make, counter: number): Promise<string> {
  setBackend(backend);
  manualSeed(0);
  // The seed has bits above the 32nd; the counter may carry into its own.
  defaultGenerator().setState({ seed: 123_456_789_012_345, counter });
  const tensors = [...make()];
  expect(tensors.map((x) => x.backend)).toEqual(tensors.map(() => backend));
  const contents = await Promise.all(tensors.map((x) => x.data()));
  const hex = contents.map(({ buffer, byteOffset, byteLength }) =>
    Buffer.from(buffer, byteOffset, byteLength).toString("hex"),
  );
  return `${hex.join(" ")} ${JSON.stringify(defaultGenerator().getState())}`;
}

const random: Readonly<Record<string, () => Tensor>> = {
  rand: () => rand([7, 9]),
  "rand, without elements": () => rand([0, 3]),
  randn: () => randn([7, 9]),
  randint: () => randint(-5, 16_000_000, [63]),
  [wide]: () => randint(-5, 2_000_000_000, [63]),
  randperm: () => randperm(63),
  bernoulli: () => bernoulli(1 / 3, [63]),
  dropout: () => dropout(ones([63]), 0.3),
};
const { calculateFanInFanOut: _, gain: __, constant, ...initializers } = init;
const weights: Readonly<Record<string, Initializer>> = {
  ...initializers,
  constant: (shape, options) => constant(shape, 0.1, options),
};
const loader = () =>
  new DataLoader(new TensorDataset(Float32Array.from({ length: 30 }, (_, i) => i)), {
    shuffle: true,
    batchSize: 7,
  });
const makers: Readonly<Record<string, Make>> = {
  ...Object.fromEntries(Object.entries(random).map(([name, make]) => [name, () => [make()]])),
  ...Object.fromEntries(
    Object.entries(weights).map(([name, make]) => [`init: ${name}`, () => [make([6, 8])]]),
  ),
  "layers, in the order of their making": () =>
    new Sequential(
      new Linear(5, 4),
      new Conv1d(2, 3, 3),
      new Conv2d(2, 3, 3),
      new Conv3d(1, 2, 2),
      new BatchNorm1d(4),
      new LayerNorm([4]),
      new PReLU(),
      new Embedding(5, 3) as never,
    ).parameters(),
  "masks of a Dropout layer, one after the other": () => {
    const layer = new Dropout(0.4);
    return [layer.forward(ones([31])), layer.forward(ones([31]))];
  },
  "batches of a DataLoader that shuffles, two epochs": () => {
    const batches = loader();
    return [...batches, ...batches].flat();
  },
  "toy data": () => Object.values(moons({ samples: 20, seed: 3, noise: 0.1 })),
};

describe.each(Object.keys(factories))("%s and js make the same bits", (name) => {
  const backend = (): Backend => opened.get(name) ?? js();
  // gpujs keeps ints as 32-bit floats.
  const kept = Object.keys(makers).filter((title) => title !== wide || name !== "gpujs");
  test.each(kept)("%s", async (title) => {
    const make = makers[title] as Make;
    // Blocks are counted from 0, and across 2³².
    for (const counter of [0, 2 ** 32 - 10]) {
      const expected = await bytesOn(js(), make, counter);
      expect(await bytesOn(backend(), make, counter)).toBe(expected);
    }
  });

  test("in float64, where there is one", async () => {
    if (!backend().capabilities.dtypes.includes("float64")) return;
    const make: Make = () => [
      rand([9], { dtype: "float64" }),
      randn([9], { dtype: "float64" }),
      init.orthogonal([4, 6], { dtype: "float64" }),
    ];
    expect(await bytesOn(backend(), make, 0)).toBe(await bytesOn(js(), make, 0));
  });
});

test("another seed makes other bits", async () => {
  const make: Make = () => [rand([9])];
  expect(await bytesOn(js(), make, 0)).not.toBe(await bytesOn(js(), make, 9));
});
