import {
  AxisError,
  DTypeError,
  grad,
  ShapeError,
  type Tensor,
  tensor,
  ValueError,
} from "@chainrule/core";
import { vectorNorm } from "@chainrule/core/linalg";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";
import { ensure } from "../../verify.js";

const sheet = [
  [3, -4, 1],
  [0.5, 2, -2.5],
];

export default defineCases("vectorNorm", (c) => {
  c.forward([3, -4], 5);
  c.forward(typed("float32", -3), typed("float32", 3));
  c.forward([], 0);
  c.forward(sheet, Math.sqrt(36.5));
  c.edges([1, Number.NaN], Number.NaN);
  c.edges([1, -Infinity], Infinity);
  c.gradient(sheet);
  c.throws("ints", DTypeError, int32([1, 2]));
  c.throws("bool", DTypeError, bool([1, 0]));
  const rows = c.call("axis -1", (x) => vectorNorm(x, -1));
  rows.forward(
    [
      [3, 4],
      [0, -2],
    ],
    [5, 2],
  );
  rows.forward(typed("float32", [], [2, 0]), typed("float32", [0, 0]));
  rows.gradient(sheet);
  rows.throws("a missing axis", AxisError, typed("float32", 1));
  const kept = c.call("axes 0 and 2, kept", (x) => vectorNorm(x, [0, 2], { keepdims: true }));
  kept.forward([[[1, 2]], [[2, 4]]], [[[5]]]);
  const expected: readonly (readonly [ord: number, norm: number])[] = [
    ...([
      [0, 2],
      [0.5, 13.9282032],
      [1, 7],
      [1.5, 5.5842504],
      [3, 4.4979414],
      [4, 4.284572],
    ] as const),
    ...([
      [Infinity, 4],
      [-Infinity, 3],
      [-1, 12 / 7],
      [-2, 2.4],
    ] as const),
  ];
  for (const [ord, norm] of expected) {
    const call = c.call(`ord ${ord}`, (x) => vectorNorm(x, undefined, { ord }));
    call.forward([3, -4], norm);
    call.forward(typed("float32", -3), typed("float32", ord === 0 ? 1 : 3));
    if (ord === 0) call.forward([], 0);
    // The reciprocal of 0 outweighs all others.
    if (ord < 0) call.forward([3, 0], 0);
    if (ord < 0 && ord > -Infinity) call.edges([Infinity, Infinity], Infinity);
    if (ord === 0) continue;
    call.gradient(sheet);
    call.edges([1, Number.NaN], Number.NaN);
    const empty = typed("float32", [], [0]);
    if (ord > 0 && ord < Infinity) call.forward([], 0);
    else call.throws("nothing", ShapeError, empty);
    const flat = async ({ backend, prepared }: Bench): Promise<void> => {
      const slope = grad((x: Tensor) => vectorNorm(x, 0, { ord }));
      const second = grad((x: Tensor) => slope(x).sum());
      const both = prepared(
        (x: Tensor) => [slope(x), second(x)],
        () => [tensor([3, 4], { backend })],
      );
      const found = await Promise.all(both(tensor([0, 0], { backend })).map((x) => x.data()));
      ensure(`${found}` === "0,0,0,0", `expected 0,0,0,0, got ${found}`);
    };
    c.check(`has the gradient 0 at 0 for ord ${ord}`, flat, { compiles: true });
  }
  const none = c.call("ord NaN", (x) => vectorNorm(x, 0, { ord: Number.NaN }));
  none.throws("an ord that is NaN", ValueError, [1]);
  const named = c.call("ord fro", (x) => vectorNorm(x, 0, { ord: "fro" as unknown as number }));
  named.throws("the name of a norm of matrices", ValueError, [1]);
  c.torch(
    ({ axis, ord, keepdims }) =>
      (x) =>
        vectorNorm(x, axis ?? undefined, {
          ord: Number(String(ord).replace("inf", "Infinity")),
          keepdims,
        }),
  );
});
