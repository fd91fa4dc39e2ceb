// The same seed gives the bits that it gives on the shipped interpreter: numbers, weights, masks,
// shuffles.

import {
  type Backend,
  bernoulli,
  defaultGenerator,
  Generator,
  manualSeed,
  ones,
  rand,
  randint,
  randn,
  randperm,
  type Tensor,
  take,
  tensor,
} from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import * as init from "@chainrule/init";
import type { DType } from "@chainrule/kernel";
import * as nn from "@chainrule/nn";
import { type Bench, type Check, type CheckOptions, floatDTypes } from "../../check.js";
import { toleranceFor } from "../../tolerance.js";
import { compareElements, ensure } from "../../verify.js";
import { floatCheck } from "../layers/float-check.js";
import { initializers } from "../layers/initializers.js";

/** Where tensors are made, and in which float dtype. */
interface Place {
  readonly backend: Backend;
  readonly dtype: DType;
}

type Draw = (place: Place) => readonly Tensor[];

/** What is drawn, how, and what else there is to say of the check. */
type Row = readonly [title: string, draw: Draw, options?: CheckOptions];

const shape = [5, 3, 3];

const numbers: readonly Row[] = [
  ["rand", (place) => [rand([37], place), rand(shape, place), rand([], place)]],
  [
    "rand, as the count of blocks passes 2^32",
    (place) => {
      defaultGenerator().setState({ seed: 2 ** 40 + 3, counter: 2 ** 32 - 5 });
      return [rand([37], place)];
    },
    // The generator is set where the function is recorded, and not again.
    { compiles: false },
  ],
  ["randn", (place) => [randn([37], place), randn(shape, place)]],
  ["bernoulli", ({ backend }) => [0, 0.3, 1].map((p) => bernoulli(p, [37], { backend }))],
  ["randint", ({ backend }) => [randint(-(2 ** 23), 2 ** 23, [9], { backend })]],
  [
    "randint of 32 bits",
    ({ backend }) => [randint(-(2 ** 31), 2 ** 31 - 1, [9], { backend })],
    { exactInt32: true, compiles: true },
  ],
  [
    "shuffled rows",
    ({ backend, dtype }) => {
      const rows = tensor(
        Array.from({ length: 12 }, (_, i) => [i, i * i]),
        { backend, dtype },
      );
      const orders = [randperm(12, { backend }), randperm(12, { backend })];
      return [...orders, ...orders.map((order): Tensor => take(rows, order))];
    },
  ],
];

const weights: readonly Row[] = [
  ...Object.entries({
    ...initializers,
    allEqual: init.allEqual,
    orthogonal: init.orthogonal,
  }).map(([name, draw]): Row => [name, (place) => [draw(shape, place)]]),
  ["Linear", (place) => parametersOf(new nn.Linear(3, 4, place))],
  ["Conv1d", (place) => parametersOf(new nn.Conv1d(2, 3, 3, place))],
  ["Conv2d", (place) => parametersOf(new nn.Conv2d(2, 4, [2, 3], { groups: 2, ...place }))],
  ["Conv3d", (place) => parametersOf(new nn.Conv3d(2, 3, 2, place))],
  ["Embedding", (place) => parametersOf(new nn.Embedding(5, 3, { paddingIdx: 2, ...place }))],
  ["Maxout", (place) => parametersOf(new nn.Maxout(3, 2, 4, place))],
  ["BatchNorm2d", (place) => parametersOf(new nn.BatchNorm2d(3, place))],
  ["LayerNorm", (place) => parametersOf(new nn.LayerNorm([2, 3], place))],
  ["PReLU", (place) => parametersOf(new nn.PReLU(3, place))],
];

/** The checks of bits that follow from a seed. */
export function sameSeedChecks(): Check[] {
  const topic = "same seed";
  return [
    floatCheck(5, `${topic}, numbers > float32 > the known answer`, "float32", knownAnswer),
    ...floatDTypes.flatMap((dtype) => [
      ...Object.entries({ numbers, "initial weights": weights }).flatMap(([kind, rows]) =>
        rows.map(([title, draw, options = { compiles: kind === "numbers" }]) =>
          floatCheck(
            5,
            `${topic}, ${kind} > ${dtype} > ${title}`,
            dtype,
            (bench) => sameBits(bench, draw, dtype),
            options,
          ),
        ),
      ),
      ...[0.1, 0.5, 0.75].map((p) =>
        floatCheck(
          5,
          `${topic}, dropout mask > ${dtype} > p ${p}`,
          dtype,
          (bench) => sameMasks(bench, p, dtype),
          { compiles: true },
        ),
      ),
    ]),
  ];
}

function parametersOf(module: nn.AnyModule): Tensor[] {
  return [...module.parameters(), ...module.buffers()];
}

/** What `run` gives after `manualSeed`; the default generator is left as it was found. */
export function seeded<T>(seed: number, run: () => T): T {
  const generator = defaultGenerator();
  const state = generator.getState();
  manualSeed(seed);
  try {
    return run();
  } finally {
    generator.setState(state);
  }
}

/** Of Threefry-2x32-20 for key 0 and counter 0, as its authors publish it: 6b200159 99ba4efe. */
async function knownAnswer({ backend }: Bench): Promise<void> {
  const got = await seeded(0, () => rand([2], { backend })).data();
  const expected = [0x6b2001, 0x99ba4e].map((bits) => bits / 2 ** 24);
  ensure(got.join() === expected.join(), `expected ${expected}, got ${got}`);
}

async function sameBits({ backend, prepared }: Bench, draw: Draw, dtype: DType): Promise<void> {
  const run = seeded(10, () =>
    prepared(
      () => draw({ backend, dtype }),
      () => [],
    ),
  );
  const got = seeded(11, run);
  const expected = seeded(11, () => draw({ backend: interpreter(), dtype }));
  ensure(got.length === expected.length, `expected ${expected.length} tensors, got ${got.length}`);
  for (const [t, wanted] of expected.entries()) {
    const own = got[t] ?? wanted;
    ensure(own.backend === backend, `tensor ${t} was made on ${own.backend.name}`);
    ensure(own.dtype === wanted.dtype, `tensor ${t}: expected ${wanted.dtype}, got ${own.dtype}`);
    ensure(`${own.shape}` === `${wanted.shape}`, `tensor ${t} has the shape [${own.shape}]`);
    const [a, b] = [await own.data(), await wanted.data()];
    for (const [i, x] of b.entries()) {
      ensure(Object.is(a[i], x), `tensor ${t}, element ${i}: expected ${x}, got ${a[i]}`);
    }
  }
}

/** Three masks in a row: an element stays where its number is below 1 - p, and becomes 1 / (1 - p). */
async function sameMasks(bench: Bench, p: number, dtype: DType): Promise<void> {
  const layer = new nn.Dropout(p);
  const x = ones([7, 9], { backend: bench.backend, dtype });
  const forward = bench.prepared(
    (y: Tensor) => layer.forward(y),
    () => [ones([7, 9], { backend: bench.backend, dtype })],
  );
  const masks = seeded(12, () => [forward(x), forward(x), forward(x)]);
  const host = new Generator(12);
  const op = "same seed, dropout mask";
  const tolerance = toleranceFor("div", dtype);
  for (const mask of masks) {
    const expected = Array.from(host.uniform(x.size), (u) =>
      u < Math.fround(1 - p) ? 1 / (1 - p) : 0,
    );
    compareElements(bench, { op, tolerance }, await mask.data(), expected, dtype);
  }
}
