// Two copies of Chainrule in one program, as two installed versions bring: named wherever they meet,
// and a backend of one serves the other.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeConformance } from "@chainrule/conformance";
import {
  assign,
  BackendError,
  clipGradNorm,
  concat,
  crossEntropy,
  js,
  Linear,
  Module,
  moveTensors,
  ones,
  parameter,
  ReLU,
  Sequential,
  SGD,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
} from "chainrule";
import { beforeAll, beforeEach, describe, expect, it, test } from "vitest";
import { bundlers, programPath } from "./bundle.js";

let other: typeof import("chainrule");
beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-copies-"));
  try {
    const file = await bundlers.esbuild(programPath("everything"), folder);
    other = await import(pathToFileURL(file).href);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

beforeEach(() => {
  setBackend(js());
  other.setBackend(other.js());
});

/** A module of this copy with a part of the other one. */
class Mixed extends Module {
  readonly own: Linear = new Linear(2, 2);
  readonly part: unknown;
  constructor(part: unknown) {
    super();
    this.part = part;
  }
  forward(x: Tensor): Tensor {
    return this.own.forward(x);
  }
}

const strange = (): Tensor => other.ones([2, 2]) as Tensor;

describe("a tensor of another copy", () => {
  test.each<readonly [string, () => unknown]>([
    ["add", () => ones([2, 2]).add(strange())],
    ["matmul", () => ones([2, 2]).matmul(strange())],
    ["concat", () => concat([ones([2, 2]), strange()])],
    ["at", () => ones([2, 2]).at(strange() as never)],
    ["assign", () => assign(ones([2, 2]), strange())],
    ["Linear", () => new Linear(2, 2).forward(strange())],
    ["crossEntropy", () => crossEntropy(ones([2, 2]), strange())],
    [
      "backward",
      () =>
        parameter(ones([2, 2]))
          .mul(2)
          .backward({ gradient: strange() }),
    ],
    ["parameter", () => parameter(strange())],
    ["to", () => moveTensors([strange()], js())],
    ["Module", () => [...new Mixed(strange()).parameters()]],
  ])("is refused by %s", async (op, use) => {
    const error = await (async () => use())().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(BackendError);
    expect(String(error)).toMatch(
      new RegExp(
        `^BackendError: \\[${op}\\] all tensors must come from one copy of @chainrule/core: expected a tensor of the copy at file:.*tensor-class\\.ts, got a tensor of another copy at file:.*esbuild\\.mjs\\. Deduplicate`,
      ),
    );
  });

  test.each<readonly [string, () => unknown]>([
    ["SGD", () => new SGD([strange()])],
    ["SGD, of a model", () => new SGD(new other.Linear(2, 2).parameters() as Iterable<Tensor>)],
    ["clipGradNorm", () => clipGradNorm([strange()], 1)],
    ["tensor", () => tensor(strange())],
    [
      "loadStateDict",
      () => new Linear(2, 2).loadStateDict(new other.Linear(2, 2).stateDict() as never),
    ],
  ])("is named by %s", (_, use) => {
    expect(use).toThrow(ValueError);
    expect(use).toThrow(/got a Tensor of another copy of @chainrule\/core, at file:.*esbuild\.mjs/);
  });
});

test("a module of another copy is refused by the modules it is put in", () => {
  const message =
    /all modules must come from one copy of @chainrule\/nn: expected modules of the copy at file:.*copies\.ts, got a Linear.* of another copy at file:.*esbuild\.mjs\. Deduplicate: one version of @chainrule\/nn/;
  const strange = new other.Linear(2, 2);
  expect(() => new Sequential(new ReLU(), strange as never)).toThrow(message);
  for (const part of [strange, [strange], { deep: [[strange]] }]) {
    const model = new Mixed(part);
    expect(() => [...model.parameters()]).toThrow(message);
    expect(() => model.zeroGrad()).toThrow(BackendError);
  }
});

describe("a backend of another copy", () => {
  describeConformance(() => other.js(), { describe, it, filter: /^(matmul|sort|random)/ });
});
