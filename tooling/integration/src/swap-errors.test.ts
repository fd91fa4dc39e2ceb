// A backend that is closed, of another contract, or without a dtype: one clear error, whatever is tried.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gpujs } from "@chainrule/backend-gpujs";
import { tfjs } from "@chainrule/backend-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import {
  Adam,
  type Backend,
  BackendError,
  ChainruleError,
  DTypeError,
  gradCheck,
  interpreter,
  js,
  Linear,
  linspace,
  ones,
  rand,
  randn,
  setBackend,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from "chainrule";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { repository } from "./repository.js";

beforeAll(() => {
  tf.env().set("PROD", true); // tfjs-cpu greets on the first use
});

/** The error of `use`, at once or by promise, which must be one of ours. */
async function errorOf(use: () => unknown): Promise<ChainruleError> {
  const result = await (async () => use())().then(
    () => "nothing",
    (error: unknown) => error,
  );
  expect(result).toBeInstanceOf(ChainruleError);
  return result as ChainruleError;
}

describe.each([
  ["js", async () => js(), "js()"],
  ["tfjs", () => tfjs(), "await tfjs()"],
  ["gpujs", () => gpujs(), "await gpujs()"],
  ["interpreter", async () => interpreter(), "interpreter()"],
] as const)("%s, once it is closed,", (name, make, again) => {
  const message = `[${name}] a closed backend cannot be used: expected an open backend, got one whose close() was called. Make a new one with ${again}.`;
  let backend: Backend;
  let x: Tensor;
  let loss: Tensor;
  let model: Linear;
  let optimizer: Adam;
  beforeEach(async () => {
    backend = await make();
    setBackend(backend);
    model = new Linear(2, 2);
    optimizer = new Adam(model.parameters());
    x = tensor([
      [1, 2],
      [3, 4],
    ]);
    model.forward(x).sum().backward();
    loss = model.forward(x).square().mean();
    await backend.close();
  });

  test.each<readonly [string, () => unknown]>([
    ["zeros, on the current backend", () => zeros([1])],
    ["ones, by option", () => ones([1], { backend })],
    ["a tensor without elements", () => zeros([0])],
    ["rand", () => rand([2])],
    ["withBackend", () => withBackend(backend, () => ones([2]))],
    ["an operation", () => x.add(1)],
    ["a reduction of a view", () => x.T.at(0).sum()],
    ["a product", () => x.matmul(x)],
    ["forward", () => model.forward(x)],
    ["backward", () => loss.backward()],
    ["a step", () => optimizer.step()],
    ["data", () => x.data()],
    ["arraySync", () => x.arraySync()],
    ["item", () => loss.item()],
    ["printing", () => String(x)],
    ["x.to elsewhere", () => x.to(js())],
    ["model.to elsewhere", () => model.to(js())],
    ["x.to the closed one", () => ones([2], { backend: js() }).to(backend)],
    ["model.to the closed one", () => new Linear(1, 1, { backend: js() }).to(backend)],
  ])("refuses %s", async (_, use) => {
    expect((await errorOf(use)).message).toBe(message);
  });

  test("lets go of what was on it, and may be closed again", async () => {
    x.dispose();
    await backend.close();
    expect(backend.info().name).toBe(name);
  });

  test("does not get in the way of another", async () => {
    const other = await make();
    const sum = ones([2], { backend: other }).sum();
    expect(await sum.item()).toBe(2);
    const stays = new Linear(1, 1, { backend: other });
    await errorOf(() => stays.to(backend));
    expect(await stays.forward(ones([1, 1], { backend: other })).item()).toBeTypeOf("number");
  });
});

describe.each([0, 2, undefined, "1"])("contract %o", (contract) => {
  const other = (): Backend => ({ ...js(), contract: contract as number });
  test.each<readonly [string, () => unknown]>([
    ["setBackend", () => setBackend(other())],
    ["withBackend", () => withBackend(other(), () => 1)],
    ["an option", () => ones([1], { backend: other() })],
    ["x.to", () => ones([1], { backend: js() }).to(other())],
    ["model.to", () => new Linear(1, 1, { backend: js() }).to(other())],
    ["a layer", () => new Linear(1, 1, { backend: other() })],
  ])("is refused by %s", async (_, use) => {
    const error = await errorOf(use);
    expect(error).toBeInstanceOf(BackendError);
    expect(error.message).toMatch(
      /^\[setBackend\] backend and core must speak the same contract: expected contract 1, got contract .* from backend "js"\. Install versions/,
    );
  });
});

test.each(["js", "tfjs", "gpujs"])(
  "%s says the contract it was written for, not that of any core",
  (name) => {
    const source = readFileSync(
      join(repository, `packages/backend-${name}/src/backend.ts`),
      "utf8",
    );
    expect(source).toContain("contract: 1,");
  },
);

describe("float64 on tfjs, which has none,", () => {
  let backend: Backend;
  beforeEach(async () => {
    backend = await tfjs();
  });

  test.each<readonly [string, string, () => unknown]>([
    ["data", "tensor", () => tensor(new Float64Array(2), { backend })],
    ["an option", "ones", () => ones([1], { backend, dtype: "float64" })],
    ["linspace", "linspace", () => linspace(0, 1, 3, { backend, dtype: "float64" })],
    ["randn", "randn", () => randn([2], { backend, dtype: "float64" })],
    ["astype", "astype", () => ones([1], { backend }).astype("float64")],
    ["x.to", "to", () => ones([1], { backend: js(), dtype: "float64" }).to(backend)],
    ["model.to", "to", () => new Linear(1, 1, { backend: js(), dtype: "float64" }).to(backend)],
    ["a layer", "tensor", () => new Linear(1, 1, { backend, dtype: "float64" })],
    ["gradCheck", "gradCheck", () => gradCheck((x) => x.tanh(), [ones([1], { backend })])],
  ])("is refused by %s", async (_, op, use) => {
    const error = await errorOf(use);
    expect(error).toBeInstanceOf(DTypeError);
    expect(error.message).toBe(
      `[${op}] the backend must support the dtype: expected one of float32, int32, uint8, bool on backend "tfjs", got float64. Convert with astype, or use a backend that has it.`,
    );
  });

  test("leaves a model of both dtypes where it was", async () => {
    setBackend(js());
    const other = new Linear(1, 1, { dtype: "float64" });
    const model = Object.assign(new Linear(1, 1), { other });
    await errorOf(() => model.to(backend));
    expect([...model.parameters()].map((x) => x.backend.name)).toEqual(["js", "js", "js", "js"]);
  });
});

test.each([undefined, null, "js", js, {}, Promise.resolve(js())])(
  "to(%o) is refused",
  async (odd) => {
    setBackend(js());
    for (const use of [() => ones([1]).to(odd as never), () => new Linear(1, 1).to(odd as never)]) {
      expect((await errorOf(use)).message).toMatch(
        /^\[setBackend\] a backend is a value made by its/,
      );
    }
  },
);
