import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DType } from "./dtype.js";
import {
  call,
  cast,
  constant,
  coord,
  type Expr,
  guardedLoad,
  load,
  scalar,
  stageValue,
  walk,
} from "./expr.js";
import { interpretKernel } from "./interpret.js";
import { type Intrinsic, intrinsicInfo, intrinsics } from "./intrinsics.js";
import { simplifyExpr, simplifyKernel } from "./simplify.js";
import { checkKernel } from "./spec.js";
import { empty, host, makeKernel, matmul, outputOf, sameBits, spec } from "./test-kernels.js";

const x = load(0, "float32", [coord(0)]);
const n = load(1, "int32", [coord(0)]);
const p = load(2, "bool", [coord(0)]);
const int = (value: number): Expr => constant(value, "int32");

describe("what is removed", () => {
  const facts: readonly (readonly [string, Expr, Expr])[] = [
    ["constants fold", call("mul", int(6), call("add", int(3), 4)), int(42)],
    ["x * 1", call("mul", call("mul", 1, x), 1), x],
    ["x + -0", call("add", -0, call("add", x, -0)), x],
    ["x - 0", call("sub", x, 0), x],
    ["x / 1", call("div", x, 1), x],
    ["x ^ 1", call("pow", x, 1), x],
    ["x ^ 0 is 1, NaN included", call("pow", x, 0), constant(1)],
    ["max(x, x)", call("max", x, x), x],
    ["- -x", call("neg", call("neg", x)), x],
    ["not not p", call("not", call("not", p)), p],
    ["copies", call("copy", x), x],
    ["abs twice", call("abs", call("abs", x)), call("abs", x)],
    ["n + 0 and n * 1", call("add", call("mul", n, 1), 0), n],
    ["n * 0", call("mul", 0, n), int(0)],
    ["n - n", call("sub", n, n), int(0)],
    ["n // 1 and n mod 1", call("add", call("floorDiv", n, 1), call("mod", n, 1)), n],
    ["n + 3 - 5", call("sub", call("add", 3, n), 5), call("add", n, -2)],
    ["n + 3 - 3", call("sub", call("add", n, 3), 3), n],
    ["n * 2 * 3", call("mul", 2, call("mul", n, 3)), call("mul", n, 6)],
    ["rounding of integers", call("round", call("floor", n)), n],
    ["n = n", call("eq", n, n), constant(1, "bool")],
    ["n < n", call("lt", n, n), constant(0, "bool")],
    ["p and true", call("and", p, call("lt", int(0), 1)), p],
    ["p or true", call("or", p, constant(1, "bool")), constant(1, "bool")],
    ["bits", call("bitXor", call("bitOr", n, 0), call("bitAnd", n, 0)), n],
    ["shifts by 0", call("shiftLeft", call("shiftRightLogical", n, 0), 0), n],
    ["a known choice", call("select", call("lt", int(1), 2), x, 5), x],
    [
      "a choice between equals",
      call("select", p, call("exp", x), call("exp", { ...x })),
      call("exp", x),
    ],
    ["a cast there and back", cast(cast(n, "float64"), "int32"), n],
    ["a cast on the way to a wider one", cast(cast(p, "uint8"), "float32"), cast(p, "float32")],
    ["float32 from memory through float64", cast(cast(x, "float64"), "float32"), x],
    ["a rounded float32 from memory", { kind: "cast", dtype: "float32", value: x }, x],
    ["casts of constants", cast(constant(2.7), "int32"), int(2)],
    [
      "a guard that holds",
      guardedLoad(0, "float32", [coord(0)], constant(1, "bool"), constant(0)),
      x,
    ],
    ["a guard that fails", guardedLoad(0, "float32", [coord(0)], constant(0, "bool"), x), x],
  ];
  for (const [name, before, after] of facts)
    test(name, () => {
      expect(simplifyExpr(before)).toEqual(after);
    });
});

describe("what stays, as the result would change", () => {
  const big = call("add", x, x);
  const facts: readonly (readonly [string, Expr])[] = [
    ["x + 0, which turns -0 into 0", call("add", x, 0)],
    ["x - -0, which turns -0 into 0", call("sub", x, -0)],
    ["x // 1, which rounds, and x mod 1", call("add", call("floorDiv", x, 1), call("mod", x, 1))],
    ["the lowest bit", call("bitAnd", n, 1)],
    ["the lowest bit, turned round", call("bitAnd", 1, n)],
    ["x * 0, which is NaN for infinity", call("mul", x, 0)],
    ["x - x, which is NaN for infinity", call("sub", x, x)],
    ["x = x, which is false for NaN", call("eq", x, x)],
    ["x + 1 + 2, which rounds twice", call("add", call("add", x, 1), 2)],
    ["int32 to float32 and back, which rounds", cast(cast(n, "float32"), "int32")],
    ["int32 to float64 to uint8, which saturates", cast(cast(n, "float64"), "uint8")],
    ["an unrounded float32 through float64", cast(cast(big, "float64"), "float32")],
    ["float32 to int32 and back", cast(cast(x, "int32"), "float32")],
    ["a float32 rounded", { kind: "cast", dtype: "float32", value: call("mul", x, 3) }],
  ];
  for (const [name, expr] of facts)
    test(name, () => {
      expect(simplifyExpr(expr)).toEqual(expr);
    });
});

test("equal expressions become one object", () => {
  const twice = (): Expr => call("exp", call("mul", load(0, "float32", [coord(0)]), 2));
  const simple = simplifyExpr(call("div", twice(), call("add", twice(), 1)));
  let nodes = 0;
  walk([simple], () => nodes++);
  expect(nodes).toBe(8); // i, x[i], 2, x * 2, exp, 1, exp + 1, quotient
});

test("stages that nothing uses go, with their axes; inputs and scalars stay", () => {
  const [stage] = matmul.stages;
  const kernel = {
    ...matmul,
    scalars: ["float32" as const],
    axes: [...matmul.axes, { operand: 1, dim: 0 }],
    stages: [
      {
        axes: [2],
        reduce: "max" as const,
        value: load(0, "float32", [coord(0), coord(2)]),
        dtype: "float32" as const,
      },
      ...(stage === undefined
        ? []
        : [
            {
              ...stage,
              axes: [3],
              value: call(
                "mul",
                load(0, "float32", [coord(0), coord(3)]),
                load(1, "float32", [coord(3), coord(1)]),
              ),
            },
          ]),
    ],
    outputs: matmul.outputs.map((output) => ({ ...output, value: stageValue(1, "float32") })),
    contraction: { stage: 1, a: 0, b: 1, batch: [], m: [0], n: [1], k: [3] },
  };
  checkKernel(kernel);
  const simple = simplifyKernel(kernel);
  checkKernel(simple);
  expect(simple).toEqual({
    ...matmul,
    scalars: ["float32"],
    axes: [...matmul.axes.slice(0, 2), { operand: 1, dim: 0 }],
  });
});

// Random expressions over every intrinsic and cast, on values where identities tend to break.
const specials: Readonly<Record<string, readonly number[]>> = {
  float32: [
    0,
    -0,
    1,
    -1,
    2,
    0.5,
    -2.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    3.4e38,
    1e-45,
  ],
  float64: [0, -0, 1, -1, 0.1, Number.NaN, Number.POSITIVE_INFINITY, -1e300],
  int32: [0, 1, -1, 2, 5, 31, 255, 256, 2147483647, -2147483648, 16777217],
  uint8: [0, 1, 2, 7, 128, 255],
  bool: [0, 1],
};
const dtypes: readonly DType[] = ["float32", "float64", "int32", "uint8", "bool"];
const rows = 12;

const leaf = (dtype: DType): fc.Arbitrary<Expr> =>
  fc.oneof(
    fc
      .constantFrom(...(specials[dtype] ?? []))
      .map((value) => constant(Object.is(value, -0) && dtype === "int32" ? 0 : value, dtype)),
    fc.constant(load(dtypes.indexOf(dtype), dtype, [coord(0)])),
    fc.constant(scalar(dtypes.indexOf(dtype), dtype)),
  );

const suits = (fn: Intrinsic, dtype: DType): boolean => {
  const { operands } = intrinsicInfo(fn);
  const kind = dtype === "bool" ? "bool" : dtype.startsWith("float") ? "float" : "int";
  return operands === "any" || operands === kind || (operands === "number" && kind !== "bool");
};
const names = Object.keys(intrinsics) as Intrinsic[];

function expression(dtype: DType, depth: number): fc.Arbitrary<Expr> {
  if (depth === 0) return leaf(dtype);
  const below = fc.nat(depth - 1);
  const of = (d: DType): fc.Arbitrary<Expr> => below.chain((level) => expression(d, level));
  const calls = names.filter(
    (fn) => fn !== "select" && intrinsicInfo(fn).result === "operand" && suits(fn, dtype),
  );
  const node = (fn: Intrinsic, d: DType): fc.Arbitrary<Expr> =>
    fc
      .oneof(
        fc.array(of(d), { minLength: intrinsicInfo(fn).arity, maxLength: intrinsicInfo(fn).arity }),
        of(d).map((same) => new Array<Expr>(intrinsicInfo(fn).arity).fill(same)),
      )
      .map((args) => call(fn, ...args));
  const choices = [
    leaf(dtype),
    fc.constantFrom(...calls).chain((fn) => node(fn, dtype)),
    fc.constantFrom(...calls).chain((fn) => node(fn, dtype)),
    fc
      .constantFrom(...dtypes)
      .chain(of)
      .map((value) => cast(value, dtype)),
    fc.tuple(of("bool"), of(dtype), of(dtype)).map(([c, yes, no]) => call("select", c, yes, no)),
    fc
      .tuple(of("bool"), of(dtype))
      .map(([guard, no]) => guardedLoad(dtypes.indexOf(dtype), dtype, [coord(0)], guard, no)),
  ];
  const toBool = names.filter((fn) => intrinsicInfo(fn).result === "bool");
  if (dtype === "bool")
    choices.push(
      fc
        .constantFrom(...toBool)
        .chain((fn) =>
          fc.constantFrom(...dtypes.filter((d) => suits(fn, d))).chain((d) => node(fn, d)),
        ),
    );
  return fc.oneof(...choices);
}

test("no result changes in any bit, special values included", () => {
  // Row r holds the r-th special value of each dtype, in its own stride so that they mix.
  const inputs = dtypes.map((dtype, d) => {
    const values = specials[dtype] ?? [];
    return host(
      Array.from({ length: rows }, (_, r) => values[(r * (d + 1) + d) % values.length] ?? 0),
      [rows],
      dtype,
    );
  });
  const scalars = [1, -0, 0, 1, 1];
  fc.assert(
    fc.property(
      fc.constantFrom(...dtypes).chain((dtype) => expression(dtype, 5)),
      (value) => {
        const kernel = makeKernel({
          outer: 1,
          inputs: dtypes.map((dtype) => spec(1, dtype)),
          scalars: dtypes,
          outputs: [value],
        });
        checkKernel(kernel);
        const simple = simplifyKernel(kernel);
        checkKernel(simple);
        const [before, after] = [empty([rows], value.dtype), empty([rows], value.dtype)];
        interpretKernel(kernel, inputs, scalars, [before]);
        interpretKernel(simple, inputs, scalars, [after]);
        expect(sameBits(before.data, after.data)).toBe(true);
      },
    ),
    { numRuns: 2000 },
  );
});

test("a simplified kernel gives what was asked for", () => {
  const value = call("add", call("mul", n, 1), call("mul", call("sub", n, n), 7));
  const kernel = makeKernel({ outer: 1, inputs: [spec(1), spec(1, "int32")], outputs: [value] });
  const inputs = [host([0, 0]), host([4, -5], [2], "int32")];
  expect(outputOf(simplifyKernel(kernel), inputs, [2])).toEqual([4, -5]);
});
