import { expect, test } from "vitest";
import { call, cast, constant, coord, guardedLoad, load, scalar } from "./expr.js";
import { printKernel } from "./print.js";
import { makeKernel, matmul, softmax, spec } from "./test-kernels.js";

const x = load(0, "float32", [coord(0)]);

test("matmul", () => {
  expect(printKernel(matmul)).toMatchInlineSnapshot(`
    "matmul(a: float32[n, 1], b: float32[n, 1]) -> out: float32[n, 1]
    for i < out.0, j < out.1
      s0 = sum over k < a.1: a[i, k] * b[k, j]
      out[i, j] = s0
      s0 is a contraction of a by b: batch [], m [i], n [j], k [k]"
  `);
});

test("softmax", () => {
  expect(printKernel(softmax)).toMatchInlineSnapshot(`
    "softmax(a: float32[n, 1]) -> out: float32[n, 1]
    for i < out.0, j < out.1
      s0 = max over k < a.1: a[i, k]
      s1 = sum over l < a.1: exp(a[i, l] - s0)
      out[i, j] = exp(a[i, j] - s0) / s1"
  `);
});

test("padding: guards, scalars, integer arithmetic", () => {
  const index = call("sub", call("floorDiv", coord(0), 2), 1);
  const inside = call("and", call("ge", coord(0), 2), call("lt", coord(0), scalar(0, "int32")));
  const value = guardedLoad(0, "float32", [index], inside, constant(-0));
  const kernel = makeKernel({
    name: "pad",
    outer: 1,
    inputs: [spec(1)],
    scalars: ["int32"],
    outputs: [value],
  });
  expect(printKernel(kernel)).toMatchInlineSnapshot(`
    "pad(a: float32[1], scalar0: int32) -> out: float32[1]
    for i < out.0
      out[i] = i >= 2 && i < scalar0 ? a[i // 2 - 1] : -0"
  `);
});

test("several outputs in place; shared nodes are named where they are used", () => {
  const gradient = load(2, "float32", [coord(0)]);
  const moved = call("add", call("mul", load(1, "float32", [coord(0)]), scalar(0)), gradient);
  const slow = call("mul", moved, call("add", moved, 1));
  const kernel = makeKernel({
    name: "momentum",
    outer: 1,
    inputs: [spec(1), spec(1), spec(1)],
    scalars: ["float32"],
    outputs: [call("sub", x, slow), moved],
  });
  const outputs = kernel.outputs.map((output, aliases) => ({ ...output, aliases }));
  expect(printKernel({ ...kernel, outputs })).toMatchInlineSnapshot(`
    "momentum(a: float32[1], b: float32[1], c: float32[1], scalar0: float32) -> out0: float32[1] over a, out1: float32[1] over b
    for i < out0.0
      out0[i] = a[i] - t0 * (t0 + 1)
        where t0 = b[i] * scalar0 + c[i]
      out1[i] = b[i] * scalar0 + c[i]"
  `);
});

test("precedence is kept with as few parentheses as possible", () => {
  const print = (...parts: Parameters<typeof call>): string =>
    printKernel(makeKernel({ outer: 1, inputs: [spec(1)], outputs: [call(...parts)] })).split(
      " = ",
    )[1] ?? "";
  const sum = call("add", x, 1);
  expect(print("mul", sum, call("sub", 2, { ...sum }))).toBe("(a[i] + 1) * (2 - (a[i] + 1))");
  expect(print("sub", call("sub", x, 1), call("mul", x, 2))).toBe("a[i] - 1 - a[i] * 2");
  expect(print("add", x, -3)).toBe("a[i] - 3");
  expect(print("mul", x, -3)).toBe("a[i] * -3");
  expect(print("neg", call("neg", x))).toBe("-(-a[i])");
  expect(print("pow", call("neg", sum), call("max", x, 0))).toBe("pow(-(a[i] + 1), max(a[i], 0))");
  expect(
    print("select", call("not", call("eq", x, 1)), call("select", call("gt", x, 1), 1, 2), 3),
  ).toBe("!(a[i] == 1) ? (a[i] > 1 ? 1 : 2) : 3");
  expect(print("add", cast(call("bitAnd", coord(0), 1), "float32"), x)).toBe(
    "float32(i & 1) + a[i]",
  );
});
