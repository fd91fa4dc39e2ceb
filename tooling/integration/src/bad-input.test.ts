// What a user can do wrong, and the words each mistake is met with.

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { mnist } from "@chainrule/data/node";
import {
  Adam,
  type AxisError,
  arange,
  assign,
  ChainruleError,
  conv,
  crossEntropy,
  enableGrad,
  full,
  gather,
  gunzip,
  interpreter,
  js,
  Linear,
  linspace,
  mse,
  noGrad,
  readIdx,
  SGD,
  setBackend,
  type Tensor,
  tensor,
  where,
  withBackend,
  zeros,
} from "chainrule";
import { beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "./bundle.js";
import { repository } from "./repository.js";

beforeEach(() => setBackend(js()));

/** The error that `run` ends in, which must be one of ours and in the one form. */
async function refusal(run: () => unknown): Promise<string> {
  const error = await (async () => run())().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ChainruleError)) throw new Error(`not a ChainruleError: ${error}`);
  const { op, expected, got, fix, message } = error as AxisError;
  expect(message).toMatch(/^\[[\w.]+\] [^:]+: expected .+, got .+\./);
  expect(message.startsWith(`[${op}] `)).toBe(true);
  const end = `: expected ${expected}, got ${got}.${fix === "" ? "" : ` ${fix}`}`;
  expect(message.endsWith(end)).toBe(true);
  return `${error.name}: ${message}`;
}

type Mistake = readonly [title: string, run: () => unknown, text: string];

const matrix = (): Tensor => zeros([2, 3]);
const weight = (): Tensor => tensor([2], { requiresGrad: true });
const broadcastFix =
  "expected each pair of trailing extents to be equal or one of them 1, got [2, 3] and [2]. " +
  "Reshape or expandDims one side so that the axes line up.";
const scopeText = (name: string): string =>
  `ValueError: [${name}] the function of a scope must be synchronous: expected a function that ` +
  `returns its result, got one that returns a promise. Await outside: call ${name}(() => …) ` +
  "around each synchronous part, e.g. once per batch.";
/** An IDX file that claims `claimed` elements and has two. */
const idx = (claimed: number): Uint8Array => Uint8Array.of(0, 0, 8, 1, 0, 0, 0, claimed, 7, 9);

function overwriteBeforeBackward(): void {
  const w = weight();
  const loss = w.square().sum();
  assign(w, tensor([3]));
  loss.backward();
}

const mistakes: Readonly<Record<string, readonly Mistake[]>> = {
  "ragged arrays": [
    [
      "a short row",
      () => tensor([[1, 2], [3]]),
      "ShapeError: [tensor] nested arrays must be rectangular: expected 2 elements along axis 1, got 1. Pad the shorter rows.",
    ],
    [
      "a number among rows",
      () => tensor([[1, 2], 3]),
      "ShapeError: [tensor] nested arrays must be rectangular: expected 2 elements along axis 1, got 3. Pad the shorter rows.",
    ],
  ],
  "wrong dtypes": [
    [
      "the mean of whole numbers",
      () => arange(3).mean(),
      'DTypeError: [mean] the mean of whole numbers is not whole: expected a float tensor, got int32. Convert first: x.astype("float32").mean().',
    ],
    [
      "indices that are fractions",
      () => gather(matrix(), matrix()),
      'DTypeError: [gather] indices must be whole numbers: expected an int32 or uint8 tensor, got float32. Make it with { dtype: "int32" }, or convert with astype("int32").',
    ],
    [
      "a gradient of whole numbers",
      () => tensor([1], { dtype: "int32", requiresGrad: true }),
      'DTypeError: [requiresGrad] only floats have gradients: expected float32, float64 or float16, got int32. Convert with astype("float32").',
    ],
  ],
  "shape mismatches": [
    [
      "a sum",
      () => matrix().add(zeros([2])),
      `ShapeError: [add] shapes must broadcast: ${broadcastFix}`,
    ],
    [
      "a product",
      () => matrix().matmul(matrix()),
      "ShapeError: [matmul] inner extents must agree: expected a.shape[-1] (3) to equal b.shape[-2] (2), got a [2, 3] and b [2, 3]. Transpose b: b.mT.",
    ],
    [
      "a layer",
      () => new Linear(4, 2).forward(matrix()),
      "ShapeError: [Linear] the last axis must hold the input features: expected [..., 4], got [2, 3]. Make the layer with inFeatures 3, or reshape the input.",
    ],
    [
      "a loss",
      () => mse(matrix(), zeros([2])),
      "ShapeError: [mse] input and target must have the same shape: expected [2, 3], got target [2]. Give one target for every element of the input; broadcastTo repeats a target on purpose.",
    ],
    [
      "classes given as fractions",
      () => crossEntropy(matrix(), zeros([2])),
      'ShapeError: [crossEntropy] the target must fit the logits: expected int32 class indices [2] or probabilities [2, 3], got float32 [2]. Convert class indices with astype("int32").',
    ],
  ],
  "axes out of range": [
    [
      "too large",
      () => matrix().sum(2),
      "AxisError: [sum] axis must exist: expected an integer from -2 to 1, got 2 for shape [2, 3]. The last of 2 axes is 1 or -1.",
    ],
    [
      "too small",
      () => matrix().softmax(-3),
      "AxisError: [softmax] axis must exist: expected an integer from -2 to 1, got -3 for shape [2, 3]. The last of 2 axes is 1 or -1.",
    ],
    [
      "an index",
      () => matrix().at(2),
      "IndexError: [at] a position must lie on its axis: expected an integer from -2 to 1, got 2 at axis 0 of shape [2, 3].",
    ],
  ],
  "mixed backends": [
    [
      "of two kinds",
      () => withBackend(interpreter(), matrix).add(matrix()),
      'BackendError: [add] all operands must be on one backend: expected every operand on "interpreter", got one on "interpreter" and one on "js". Move one side with await x.to(backend).',
    ],
    [
      "of one kind",
      () => withBackend(js(), matrix).add(matrix()),
      'BackendError: [add] all operands must be on one backend: expected every operand on "js", got one on "js" and one on "js" (two instances). Move one side with await x.to(backend).',
    ],
    [
      "a promise of one",
      () => setBackend(Promise.resolve(js()) as never),
      "BackendError: [setBackend] a backend is a value made by its factory: expected an object such as js() or await wasm(), got a Promise. Await the factory.",
    ],
  ],
  "stale saved tensors": [
    [
      "an operand overwritten before backward",
      overwriteBeforeBackward,
      "GradientError: [backward] saved tensors must be unchanged: expected operand 0 of square, shape [1], as it was saved, got one overwritten by assign since. Call backward() before assign, or use a copy in the forward pass.",
    ],
  ],
  "async scope functions": [
    ["noGrad", () => noGrad(async () => 1), scopeText("noGrad")],
    ["enableGrad", () => enableGrad(async () => 1), scopeText("enableGrad")],
    ["withBackend", () => withBackend(js(), async () => 1), scopeText("withBackend")],
  ],
  "damaged files": [
    [
      "a truncated IDX file",
      () => readIdx(idx(3)),
      "DataError: [readIdx] the file must be complete: expected 11 bytes for shape [3] of 1-byte elements, got 10 bytes. It was cut short: fetch it again.",
    ],
    [
      "an oversized IDX file",
      () => readIdx(idx(1)),
      "DataError: [readIdx] the file must end after its last element: expected 9 bytes for shape [1] of 1-byte elements, got 10 bytes. The header or the file is damaged: fetch it again.",
    ],
    [
      "a web page in its place",
      () => readIdx(new TextEncoder().encode("<html>")),
      "DataError: [readIdx] the file must begin with an IDX magic number: expected 00 00, then a type 08, 09, 0b, 0c, 0d or 0e, got 3c 68 74 6d. This is not an IDX file: check its name, or whether a web page was saved in its place.",
    ],
    [
      "a truncated gzip file",
      () => gunzip(Uint8Array.of(0x1f, 0x8b, 8, 0, 1)),
      "DataError: [gunzip] the gzip data must be whole: expected data that unpacks to its end, got unexpected end of file. The file is damaged or cut short: fetch it again.",
    ],
  ],
  "arguments of another kind": [
    [
      "options in the place of an axis",
      () => matrix().sum({ keepdims: true } as never),
      "AxisError: [sum] axes are numbers: expected an integer or a list of integers, got a Object. Options come after the axis: sum(x, undefined, { keepdims: true }).",
    ],
    [
      "a number for a shape",
      () => matrix().reshape(6 as never),
      "ShapeError: [reshape] a shape is a list of extents: expected an array such as [2, 3], got 6. Put the extents in brackets.",
    ],
    [
      "a condition that is no tensor",
      () => where([true] as never, matrix(), 0),
      "ValueError: [where] operands must be tensors or numbers: expected a tensor or a number, got [true]. Wrap data with tensor(…).",
    ],
    [
      "a missing value",
      () => full([2], undefined as never),
      "ValueError: [full] the value must be a number or a boolean: expected a number, true or false, got undefined. Call full(shape, value, options).",
    ],
    [
      "no end of a range",
      () => arange(undefined as never),
      "ValueError: [arange] a range is finite and moves: expected finite numbers and a step other than 0, got start 0, stop NaN, step 1.",
    ],
    [
      "an end of a range that is not finite",
      () => linspace(0, Number.POSITIVE_INFINITY, 3),
      "ValueError: [linspace] the ends are finite: expected finite numbers, got start 0, stop Infinity.",
    ],
    [
      "a window without elements",
      () => conv(zeros([1, 1, 3]), zeros([1, 1, 0])),
      "ShapeError: [conv] a window has elements: expected spatial extents of the weight from 1 on, got weight [1, 1, 0].",
    ],
    [
      "a learning rate in the place of options",
      () => new SGD([weight()], 0.1 as never),
      "ValueError: [SGD] options must be known: expected an object with lr, momentum, dampening, nesterov, weightDecay, got 0.1.",
    ],
    [
      "an option of another framework",
      () => new Adam([weight()], { learningRate: 0.1 } as never),
      "ValueError: [Adam] options must be known: expected an object with lr, betas, eps, weightDecay, got learningRate.",
    ],
  ],
};

describe.each(Object.entries(mistakes))("%s", (_, cases) => {
  test.each(cases)("%s", async (_, run, text) => {
    expect(await refusal(run)).toBe(text);
  });
});

test.each([
  ["a loss", () => mse([1] as never, [1] as never)],
  ["a layer", () => new Linear(2, 2).forward([1, 2] as never)],
  ["an operation", () => tensor([1]).add([1] as never)],
])("%s refuses plain arrays", async (_, run) => {
  expect(await refusal(run)).toContain("tensor");
});

test("files of digits with another checksum are refused, with both sums", async () => {
  const dir = temporaryFolder();
  const images = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28);
  const whole = new Uint8Array(images.length + 28 * 28);
  whole.set(images);
  writeFileSync(join(dir, "train-images-idx3-ubyte"), whole);
  const sum = createHash("sha256").update(whole).digest("hex");
  expect(await refusal(() => mnist({ dir, split: "train" }))).toBe(
    "DataError: [mnist] train-images-idx3-ubyte must be the published file: expected SHA-256 " +
      "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db, got SHA-256 " +
      `${sum} (800 bytes). It is damaged or another data set: fetch it again, or pass ` +
      "{ verify: false } to use it all the same.",
  );
});

test.each([
  ["an unknown flag", ["--epoch", "1"], "mnist: unknown flag --epoch: expected one of --backend "],
  ["a value out of range", ["--epochs", "0"], "mnist: --epochs must be a whole number from 1 to "],
  ["a missing value", ["--lr"], "mnist: --lr needs a value\n"],
])("the command line refuses %s with exit code 2 and points at --help", (_, flags, text) => {
  const program = join(repository, "apps/mnist/src/cli.ts");
  const started = ["--conditions=@chainrule/source", "--import", "tsx", program, ...flags];
  const { status, stderr, stdout } = spawnSync(process.execPath, started, {
    cwd: repository,
    encoding: "utf8",
  });
  expect(stderr.startsWith(text)).toBe(true);
  expect(stderr).toContain("\nRun `pnpm mnist --help` to see what there is.\n");
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
});
