import { describe, expect, test } from "vitest";
import type { DType } from "./dtype.js";
import { KernelError } from "./errors.js";
import { call, cast, constant, coord, guardedLoad, load, scalar, stageValue } from "./expr.js";
import { interpretKernel } from "./interpret.js";
import type { Intrinsic } from "./intrinsics.js";
import { layout } from "./layout.js";
import {
  empty,
  host,
  makeKernel,
  matmul,
  outputOf,
  reduceRows,
  softmax,
  spec,
} from "./test-kernels.js";

const inf = Number.POSITIVE_INFINITY;
const nan = Number.NaN;
const lowest = -2147483648;
const highest = 2147483647;

/** Operand dtype, operands, expected: by definition of the function, never by running it. */
type Case = readonly [dtype: DType, args: readonly number[], expected: number];
const f = (args: readonly number[], expected: number): Case => ["float64", args, expected];
const f32 = (args: readonly number[], expected: number): Case => ["float32", args, expected];
const i = (args: readonly number[], expected: number): Case => ["int32", args, expected];
const u = (args: readonly number[], expected: number): Case => ["uint8", args, expected];
const b = (args: readonly number[], expected: number): Case => ["bool", args, expected];

const cases: Readonly<Record<Intrinsic, readonly Case[]>> = {
  add: [f([0.5, 2], 2.5), f([inf, -inf], nan), i([highest, 1], lowest), u([250, 10], 4)],
  sub: [f([-0, 0], -0), f([inf, inf], nan), i([lowest, 1], highest), u([3, 5], 254)],
  mul: [f([0, inf], nan), f([-0, 2], -0), i([65537, 65537], 131073), u([16, 17], 16)],
  div: [f([1, 0], inf), f([1, -0], -inf), f([0, 0], nan), f([7, 2], 3.5)],
  floorDiv: [
    ...[f([7, 2], 3), f([-7, 2], -4), f([7, -2], -4), f([1, 0.1], 9), f([-1, inf], -1)],
    ...[f([1, 0], inf), f([0, 0], nan), f([-0, 3], -0), f([inf, 2], nan), f([nan, 1], nan)],
    ...[i([-7, 2], -4), i([7, 0], 0), i([lowest, -1], lowest), u([200, 7], 28)],
  ],
  mod: [
    ...[f([7, 3], 1), f([-7, 3], 2), f([7, -3], -2), f([-0, 3], 0), f([0, -3], -0)],
    ...[f([1, 0], nan), f([inf, 2], nan), f([1, -inf], -inf), f([nan, 2], nan)],
    ...[i([-7, 3], 2), i([7, -3], -2), i([7, 0], 0), i([-6, 3], 0), u([200, 7], 4)],
  ],
  pow: [
    ...[f([2, 10], 1024), f([2, -1], 0.5), f([nan, 0], 1), f([1, nan], 1), f([-1, inf], 1)],
    ...[f([-8, 0.5], nan), f([0, -1], inf), f([-0, 3], -0), f([-inf, 3], -inf), f([1, inf], 1)],
    ...[i([3, 4], 81), i([2, 31], lowest), i([0, 0], 1), i([5, -1], 0), i([-1, -3], -1)],
    ...[i([-1, -4], 1), i([1, -9], 1), i([3, 21], 1870418611), u([3, 6], 217)],
  ],
  neg: [f([0], -0), f([nan], nan), i([lowest], lowest), i([0], 0), u([1], 255)],
  abs: [f([-0], 0), f([-inf], inf), f([nan], nan), i([-5], 5), i([lowest], lowest), u([200], 200)],
  sign: [f([-0], 0), f([-inf], -1), f([nan], nan), f([0.1], 1), i([-9], -1), u([9], 1)],
  floor: [f([-1.5], -2), f([-0], -0), f([inf], inf), f([nan], nan), i([-3], -3)],
  ceil: [f([-0.5], -0), f([1.2], 2), f([-inf], -inf), i([3], 3)],
  trunc: [f([-1.9], -1), f([-0.9], -0), f([1.9], 1), i([-3], -3)],
  round: [
    ...[f([0.5], 0), f([1.5], 2), f([2.5], 2), f([-0.5], -0), f([-1.5], -2), f([-0.2], -0)],
    ...[f([0.49999999999999994], 0), f([2 ** 53], 2 ** 53), f([inf], inf), f([nan], nan)],
    ...[f([4503599627370495.5], 4503599627370496), i([7], 7)],
  ],
  nextAfter: [
    ...[
      f([2 ** 53, inf], 2 ** 53 + 2),
      f([2 ** 53, 0], 2 ** 53 - 1),
      f([-(2 ** 53), 0], 1 - 2 ** 53),
    ],
    ...[f([0, -1], -(2 ** -1074)), f([-0, 0], 0), f([0, -0], -0), f([3, 3], 3)],
    ...[f([inf, 0], Number.MAX_VALUE), f([Number.MAX_VALUE, inf], inf), f([inf, inf], inf)],
    ...[f([nan, 1], nan), f([1, nan], nan), f([2 ** -1074, 0], 0)],
    ...[f32([1, 2], 1 + 2 ** -23), f32([2, -inf], 2 - 2 ** -23), f32([0, 1], 2 ** -149)],
  ],
  max: [
    f([1, nan], nan),
    f([nan, 1], nan),
    f([-0, 0], 0),
    f([-inf, -1], -1),
    i([-2, 1], 1),
    b([0, 1], 1),
  ],
  min: [
    f([1, nan], nan),
    f([nan, 1], nan),
    f([0, -0], -0),
    f([inf, 1], 1),
    u([2, 255], 2),
    b([0, 1], 0),
  ],
  select: [], // below: its operands are of two dtypes
  exp: [f([0], 1), f([1], Math.E), f([-inf], 0), f([inf], inf), f([nan], nan)],
  expm1: [f([1e-20], 1e-20), f([-0], -0), f([-inf], -1)],
  log: [f([1], 0), f([Math.E], 1), f([0], -inf), f([-1], nan), f([inf], inf)],
  log1p: [f([1e-20], 1e-20), f([-0], -0), f([-1], -inf), f([-2], nan)],
  log2: [f([8], 3), f([0], -inf), f([-1], nan)],
  log10: [f([1000], 3), f([0], -inf), f([-1], nan)],
  sqrt: [f([9], 3), f([-0], -0), f([-1], nan), f([inf], inf)],
  sin: [f([Math.PI / 2], 1), f([-0], -0), f([inf], nan)],
  cos: [f([Math.PI], -1), f([0], 1), f([inf], nan)],
  tan: [f([Math.PI / 4], 1), f([-0], -0), f([inf], nan)],
  asin: [f([1], Math.PI / 2), f([-0], -0), f([2], nan)],
  acos: [f([-1], Math.PI), f([1], 0), f([2], nan)],
  atan: [f([1], Math.PI / 4), f([inf], Math.PI / 2), f([-0], -0)],
  atan2: [f([1, -1], (3 * Math.PI) / 4), f([0, -0], Math.PI), f([-0, 0], -0), f([nan, 1], nan)],
  sinh: [f([Math.LN2], 0.75), f([-inf], -inf), f([-0], -0)],
  cosh: [f([Math.LN2], 1.25), f([-inf], inf), f([0], 1)],
  tanh: [f([Math.LN2], 0.6), f([inf], 1), f([-0], -0), f([nan], nan)],
  asinh: [f([0.75], Math.LN2), f([-inf], -inf), f([-0], -0)],
  acosh: [f([1.25], Math.LN2), f([1], 0), f([0.5], nan)],
  atanh: [f([0.6], Math.LN2), f([1], inf), f([-0], -0), f([2], nan)],
  eq: [f([nan, nan], 0), f([0, -0], 1), i([3, 3], 1), b([1, 0], 0)],
  ne: [f([nan, nan], 1), f([0, -0], 0), i([3, 4], 1)],
  lt: [f([1, 2], 1), f([nan, 1], 0), f([-0, 0], 0), i([-1, 0], 1)],
  le: [f([2, 2], 1), f([nan, nan], 0), i([3, 2], 0)],
  gt: [f([inf, 1], 1), f([1, nan], 0), i([3, 2], 1)],
  ge: [f([2, 2], 1), f([nan, nan], 0), i([1, 2], 0)],
  and: [b([1, 1], 1), b([1, 0], 0)],
  or: [b([0, 1], 1), b([0, 0], 0)],
  xor: [b([1, 1], 0), b([1, 0], 1)],
  not: [b([0], 1), b([1], 0)],
  bitAnd: [i([12, 10], 8), i([-1, 7], 7), u([255, 15], 15)],
  bitOr: [i([12, 10], 14), u([128, 1], 129)],
  bitXor: [i([12, 10], 6), i([-1, 0], -1), u([255, 15], 240)],
  bitNot: [i([0], -1), i([highest], lowest), u([1], 254)],
  shiftLeft: [i([1, 31], lowest), i([3, 4], 48), u([255, 1], 254)],
  shiftRight: [i([-8, 1], -4), i([lowest, 31], -1), u([128, 7], 1)],
  shiftRightLogical: [i([-1, 28], 15), i([-1, 0], -1), u([128, 7], 1)],
  copy: [f([-0], -0), f([nan], nan), i([lowest], lowest), b([1], 1)],
};

describe("intrinsics", () => {
  for (const [fn, all] of Object.entries(cases) as [Intrinsic, readonly Case[]][])
    for (const [dtype, args, expected] of all)
      test(`${fn} of ${dtype} ${args.map((x) => (Object.is(x, -0) ? "-0" : x)).join(", ")}`, () => {
        const value = call(fn, ...args.map((arg) => constant(arg, dtype)));
        const [result = nan] = outputOf(makeKernel({ outer: 0, outputs: [value] }), [], []);
        // Transcendentals may differ in the last places, zeros and special values not.
        if (Number.isFinite(expected) && expected !== 0) expect(result).toBeCloseTo(expected, 14);
        else expect(result).toBe(expected);
      });

  test("select takes its second operand where the first is true", () => {
    const value = call("select", load(0, "bool", [coord(0)]), load(1, "float32", [coord(0)]), -0);
    const kernel = makeKernel({ outer: 1, inputs: [spec(1, "bool"), spec(1)], outputs: [value] });
    expect(outputOf(kernel, [host([1, 0], [2], "bool"), host([nan, nan])], [2])).toEqual([nan, -0]);
  });
});

describe("casts", () => {
  const convert = (values: readonly number[], from: DType, to: DType): number[] =>
    outputOf(
      makeKernel({
        outer: 1,
        inputs: [spec(1, from)],
        outputs: [cast(load(0, from, [coord(0)]), to)],
      }),
      [host(values, [values.length], from)],
      [values.length],
    );

  test("floats truncate and saturate to integers, NaN is 0", () => {
    const floats = [2.9, -2.9, 3e9, -3e9, inf, -inf, nan, -0];
    expect(convert(floats, "float64", "int32")).toEqual([
      2,
      -2,
      highest,
      lowest,
      highest,
      lowest,
      0,
      0,
    ]);
    expect(convert([-1, 255.9, 256, nan], "float32", "uint8")).toEqual([0, 255, 255, 0]);
  });

  test("int32 wraps into uint8", () => {
    expect(convert([-1, 256, 300], "int32", "uint8")).toEqual([255, 0, 44]);
  });

  test("whatever is not zero is true, NaN included", () => {
    expect(convert([0, -0, nan, 0.1], "float32", "bool")).toEqual([0, 0, 1, 1]);
    expect(convert([256, 0], "int32", "bool")).toEqual([1, 0]);
  });

  test("float32 rounds in the middle of an expression, float64 does not", () => {
    const third = call("div", constant(1, "float64"), constant(3, "float64"));
    const rounded = cast(cast(third, "float32"), "float64");
    const kernel = makeKernel({ outer: 0, outputs: [rounded] });
    expect(outputOf(kernel, [], [])).toEqual([11184811 / 2 ** 25]);
    expect(outputOf(makeKernel({ outer: 0, outputs: [third] }), [], [])).toEqual([1 / 3]);
  });
});

describe("loads", () => {
  test("a strided view is read through its strides and offset", () => {
    const kernel = makeKernel({
      outer: 2,
      inputs: [{ dtype: "float32", strides: [1, "n"] }],
      outputs: [load(0, "float32", [coord(0), coord(1)])],
    });
    const flipped = { ...host([0, 1, 2, 3, 4, 5, 6]), layout: layout([2, 3], [1, -2]), offset: 5 };
    expect(outputOf(kernel, [flipped], [2, 3])).toEqual([5, 3, 1, 6, 4, 2]);
  });

  test("a guard decides before the index is looked at: padding", () => {
    const inside = call("and", call("ge", coord(0), 1), call("le", coord(0), 3));
    const index = call("sub", coord(0), 1);
    const value = guardedLoad(0, "float32", [index], inside, scalar(0));
    const pad = makeKernel({
      outer: 1,
      inputs: [spec(1)],
      scalars: ["float32"],
      outputs: [value],
    });
    expect(outputOf(pad, [host([7, 8, 9])], [5], [-1])).toEqual([-1, 7, 8, 9, -1]);
  });

  test("an index may be loaded: gather", () => {
    const index = load(1, "int32", [coord(0)]);
    const kernel = makeKernel({
      outer: 2,
      inputs: [spec(2), spec(1, "int32")],
      outputs: [load(0, "float32", [index, coord(1)])],
    });
    const table = host([1, 2, 3, 4, 5, 6], [3, 2]);
    expect(outputOf(kernel, [table, host([2, 0, 2], [3], "int32")], [3, 2])).toEqual([
      5, 6, 1, 2, 5, 6,
    ]);
  });

  test("an index outside the shape is a fault, even where memory goes on", () => {
    const next = makeKernel({
      outer: 1,
      inputs: [spec(1)],
      outputs: [load(0, "float32", [call("add", coord(0), 1)])],
    });
    const view = { ...host([1, 2, 3]), layout: layout([2]) };
    expect(() => outputOf(next, [view], [2])).toThrowErrorMatchingInlineSnapshot(
      `[KernelError: [kernel] "test": operand 0 must hold what is accessed: expected shape [2] and 3 elements, got index [2] at address 2. This is a fault of the framework: please report it.]`,
    );
  });

  test("an address outside the data is a fault", () => {
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(1)],
      outputs: [load(0, "float32", [coord(0)])],
    });
    const short = { ...host([1, 2]), layout: layout([3]) };
    expect(() => outputOf(kernel, [short], [3])).toThrow(KernelError);
  });
});

describe("stages", () => {
  test("matmul of 2 by 2", () => {
    const a = host([1, 2, 3, 4], [2, 2]);
    const b = host([5, 6, 7, 8], [2, 2]);
    expect(outputOf(matmul, [a, b], [2, 2])).toEqual([19, 22, 43, 50]);
  });

  test("softmax in three passes", () => {
    const x = host([0, Math.log(3), 1000, 1000], [2, 2]);
    const [p, q, r, s] = outputOf(softmax, [x], [2, 2]);
    expect(p).toBeCloseTo(0.25, 6);
    expect(q).toBeCloseTo(0.75, 6);
    expect([r, s]).toEqual([0.5, 0.5]);
  });

  test("a stage is computed once for each position it depends on", () => {
    // variance of columns: mean over rows, mean square distance from it
    const x = (row: number) => load(0, "float32", [coord(row), coord(0)]);
    const centred = call("sub", x(2), stageValue(0, "float32"));
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(2)],
      inner: [
        { operand: 0, dim: 0 },
        { operand: 0, dim: 0 },
      ],
      stages: [
        { axes: [1], reduce: "sum", value: call("div", x(1), 2), dtype: "float32" },
        { axes: [2], reduce: "sum", value: call("mul", centred, centred), dtype: "float32" },
      ],
      outputs: [call("div", stageValue(1, "float32"), 2)],
    });
    expect(outputOf(kernel, [host([1, 10, 3, 30], [2, 2])], [2])).toEqual([1, 100]);
  });

  test("max, min, argmax and argmin let NaN win", () => {
    const rows = host([1, nan, 5, 3, 7, 7], [2, 3]);
    expect(outputOf(reduceRows("max"), [rows], [2])).toEqual([nan, 7]);
    expect(outputOf(reduceRows("min"), [rows], [2])).toEqual([nan, 3]);
    expect(outputOf(reduceRows("argmax"), [rows], [2])).toEqual([1, 1]);
    expect(outputOf(reduceRows("argmin"), [rows], [2])).toEqual([1, 0]);
  });

  test("of equal values, and of several NaN, the first wins an arg reduction", () => {
    const rows = host([0, -0, 0, -inf, -inf, -inf, 1, nan, nan], [3, 3]);
    expect(outputOf(reduceRows("argmax"), [rows], [3])).toEqual([0, 0, 1]);
    expect(outputOf(reduceRows("argmin"), [rows], [3])).toEqual([0, 0, 1]);
  });

  test("empty reductions", () => {
    const none = empty([2, 0]);
    expect(outputOf(reduceRows("sum"), [none], [2])).toEqual([0, 0]);
    expect(outputOf(reduceRows("prod"), [none], [2])).toEqual([1, 1]);
    expect(outputOf(reduceRows("max"), [none], [2])).toEqual([-inf, -inf]);
    expect(outputOf(reduceRows("min"), [none], [2])).toEqual([inf, inf]);
    expect(outputOf(reduceRows("max", "int32"), [empty([2, 0], "int32")], [2])).toEqual([
      lowest,
      lowest,
    ]);
  });

  test("sums and products of int32 wrap, those of float32 are rounded once", () => {
    const big = host([highest, 1, 65536, 65537], [2, 2], "int32");
    expect(outputOf(reduceRows("sum", "int32"), [big], [2])).toEqual([lowest, 131073]);
    expect(outputOf(reduceRows("prod", "int32"), [big], [2])).toEqual([highest, 65536]);
    const tiny = host([1, 2 ** -24, 2 ** -24], [1, 3]);
    expect(outputOf(reduceRows("sum"), [tiny], [1])).toEqual([1 + 2 ** -23]);
  });

  test("an arg reduction over two axes gives the row-major position", () => {
    const kernel = makeKernel({
      outer: 0,
      inputs: [spec(2)],
      inner: [
        { operand: 0, dim: 0 },
        { operand: 0, dim: 1 },
      ],
      stages: [
        {
          axes: [0, 1],
          reduce: "argmax",
          value: load(0, "float32", [coord(0), coord(1)]),
          dtype: "int32",
        },
      ],
      outputs: [stageValue(0, "int32")],
    });
    expect(outputOf(kernel, [host([1, 2, 3, 4, 9, 6], [2, 3])], [])).toEqual([4]);
  });
});

describe("outputs", () => {
  test("several outputs share the loops", () => {
    const x = load(0, "float32", [coord(0)]);
    const kernel = makeKernel({
      outer: 1,
      inputs: [spec(1)],
      outputs: [call("mul", x, x), call("gt", x, 1)],
    });
    const [square, isLarge] = [empty([2]), empty([2], "bool")];
    interpretKernel(kernel, [host([1, 3])], [], [square, isLarge]);
    expect([...square.data]).toEqual([1, 9]);
    expect([...isLarge.data]).toEqual([0, 1]);
  });

  test("outputs that overwrite inputs are computed before any is written: a swap", () => {
    const [x, y] = [load(0, "float32", [coord(0)]), load(1, "float32", [coord(0)])];
    const kernel = makeKernel({ outer: 1, inputs: [spec(1), spec(1)], outputs: [y, x] });
    const [p, q] = [host([1, 2]), host([3, 4])];
    interpretKernel(kernel, [p, q], [], [p, q]);
    expect([...p.data, ...q.data]).toEqual([3, 4, 1, 2]);
  });

  test("an expression shared 60 times over is computed once, not 2^60 times", () => {
    let value: ReturnType<typeof call> = call("add", load(0, "int32", [coord(0)]), 1);
    for (let round = 0; round < 60; round++) value = call("add", value, value);
    const kernel = makeKernel({ outer: 1, inputs: [spec(1, "int32")], outputs: [value] });
    expect(outputOf(kernel, [host([1], [1], "int32")], [1])).toEqual([0]);
  });
});

test("operands that contradict the kernel are faults, all of them listed", () => {
  const kernel = makeKernel({
    outer: 1,
    inputs: [spec(1)],
    outputs: [load(0, "float32", [coord(0)])],
  });
  const strided = { ...host([1, 2, 3]), layout: layout([2], [2]) };
  const wide = { ...empty([3]), layout: layout([3], [0]) };
  expect(() => interpretKernel(kernel, [strided], [], [wide])).toThrowErrorMatchingInlineSnapshot(`
    [KernelError: [kernel] "test":
      stride 0 of operand 0 must be of its class: expected 1, got 2
      stride 0 of operand 1 must be of its class: expected 1, got 0
    This is a fault of the framework: please report it.]
  `);
  expect(() => interpretKernel(kernel, [], [], [wide])).toThrow("number of inputs must agree");
});
