import { describe, expect, test } from "vitest";
import { recognizeContraction, verifyContraction } from "./contraction.js";
import { call, cast, coord, type Expr, guardedLoad, load, stageValue } from "./expr.js";
import type { Kernel, Stage } from "./kernel.js";
import { makeKernel, matmul, softmax, spec } from "./test-kernels.js";

const a = load(0, "float32", [coord(0), coord(2)]);
const b = load(1, "float32", [coord(2), coord(1)]);

function withValue(value: Expr, changes: Partial<Stage> = {}): Kernel {
  const { contraction: _, ...kernel } = matmul;
  return { ...kernel, stages: kernel.stages.map((stage) => ({ ...stage, value, ...changes })) };
}

describe("recognised", () => {
  test("a matrix product", () => {
    expect(recognizeContraction(withValue(call("mul", a, b)))).toEqual(matmul.contraction);
  });

  test("a product of casts", () => {
    const wide = call("mul", cast(a, "float64"), cast(b, "float64"));
    expect(recognizeContraction(withValue(cast(wide, "float32")))).toEqual(matmul.contraction);
  });

  test("a batch, several m axes, a transposed factor, and a vector", () => {
    // out[g, i, h, j] = sum over k, l of a[g, i, h, k, l] b[j, g, l, k]
    const kernel = makeKernel({
      outer: 4,
      inputs: [spec(5), spec(4)],
      inner: [3, 4].map((dim) => ({ operand: 0, dim })),
      stages: [
        {
          axes: [4, 5],
          reduce: "sum",
          value: call(
            "mul",
            load(0, "float32", [0, 1, 2, 4, 5].map(coord)),
            load(1, "float32", [3, 0, 5, 4].map(coord)),
          ),
          dtype: "float32",
        },
      ],
      outputs: [stageValue(0, "float32")],
    });
    const note = { stage: 0, a: 0, b: 1, batch: [0], m: [1, 2], n: [3], k: [4, 5] };
    expect(recognizeContraction(kernel)).toEqual(note);
    expect(verifyContraction(kernel, note)).toEqual([]);
    const vector = withValue(call("mul", a, load(1, "float32", [coord(2)])));
    expect(recognizeContraction(vector)).toMatchObject({ m: [0], n: [], k: [2] });
  });
});

describe("not recognised", () => {
  const inside = call("lt", coord(0), 3);
  const others: Readonly<Record<string, Kernel>> = {
    "a maximum of products": withValue(call("mul", a, b), { reduce: "max" }),
    "a sum of sums": withValue(call("add", a, b)),
    "a guarded factor": withValue(call("mul", a, guardedLoad(1, "float32", b.index, inside, a))),
    "an index that is no plain axis": withValue(
      call("mul", a, load(1, "float32", [call("add", coord(2), 1), coord(1)])),
    ),
    "a diagonal": withValue(call("mul", load(0, "float32", [coord(0), coord(0), coord(2)]), b)),
    "a sum over an axis of one factor": withValue(
      call("mul", load(0, "float32", [coord(0), coord(1)]), b),
    ),
    "a sum of squares: nothing is reused": withValue(call("mul", a, a)),
    softmax,
  };
  for (const [name, kernel] of Object.entries(others))
    test(name, () => {
      expect(recognizeContraction(kernel)).toBeUndefined();
    });
});

test("a note is checked in each part", () => {
  const note = { stage: 0, a: 0, b: 1, batch: [], m: [0], n: [1], k: [2] };
  const untrue = (changes: Partial<typeof note>): string[] =>
    verifyContraction(matmul, { ...note, ...changes });
  expect(untrue({ stage: 1 })).toHaveLength(1);
  expect(untrue({ a: 1 })).toEqual([
    "the contraction must multiply its inputs: expected 1,1, got 0,1",
  ]);
  expect(untrue({ m: [] })).toEqual(["axes of a must be those of the note: expected 2, got 0,2"]);
  expect(untrue({ n: [] })).toEqual(["axes of b must be those of the note: expected 2, got 1,2"]);
  expect(untrue({ m: [2], k: [0] })).toContain("axis 2 must be an outer one");
});
