// int32 that a float32 cannot hold.

import type { Backend, Tensor } from "@chainrule/core";
import * as core from "@chainrule/core";
import type { Check } from "../check.js";
import { arrayOf, exactCheck } from "./exact-check.js";

/** The checks of neighbours beyond 2^24, and the ends of the range: float32 holds none of them apart. */
export function wideIntChecks(): Check[] {
  const [a, b] = [
    [2 ** 24, 2 ** 24 + 1, 2147483647, -2147483648, 123456789, -7],
    [2 ** 24 + 1, 2 ** 24, 2147483646, -2147483647, 123456788, 2],
  ];
  const needs = { exactInt32: true };
  const ints = (on: Backend, data: readonly number[]): Tensor =>
    arrayOf(on, data, [data.length], "int32");
  const pairwise = (
    op: string,
    run: (x: Tensor, y: Tensor) => Tensor,
    exact: (x: number, y: number) => number,
  ): Check =>
    exactCheck(
      op,
      "int32 near the ends",
      (on) => [ints(on, a), ints(on, b)],
      (x, y) => run(x, y),
      () => a.map((x, i) => exact(x, b[i] ?? 0)),
      needs,
    );
  const alone = (op: string, run: (x: Tensor) => Tensor, exact: () => readonly number[]): Check =>
    exactCheck(
      op,
      "int32 near the ends",
      (on) => [ints(on, a)],
      (x) => run(x),
      exact,
      needs,
    );
  const order = [...a.keys()].sort((i, j) => (a[i] ?? 0) - (a[j] ?? 0));
  return [
    pairwise("equal", core.equal, (x, y) => Number(x === y)),
    pairwise("less", core.less, (x, y) => Number(x < y)),
    pairwise("greaterEqual", core.greaterEqual, (x, y) => Number(x >= y)),
    pairwise("maximum", core.maximum, Math.max),
    pairwise("minimum", core.minimum, Math.min),
    pairwise("add", core.add, (x, y) => (x + y) | 0),
    pairwise("sub", core.sub, (x, y) => (x - y) | 0),
    pairwise("mul", core.mul, Math.imul),
    pairwise("floorDivide", core.floorDivide, (x, y) => Math.floor(x / y)),
    alone("abs", core.abs, () => a.map((x) => Math.abs(x) | 0)),
    alone("negative", core.neg, () => a.map((x) => -x | 0)),
    alone(
      "max",
      (x) => core.max(x),
      () => [2147483647],
    ),
    alone(
      "min",
      (x) => core.min(x),
      () => [-2147483648],
    ),
    exactCheck(
      "max",
      "int32 neighbours",
      (on) => [ints(on, a.slice(0, 2))],
      (x) => core.max(x),
      () => [2 ** 24 + 1],
      needs,
    ),
    exactCheck(
      "argmax",
      "int32 neighbours",
      (on) => [ints(on, a.slice(0, 2))],
      (x) => core.argmax(x),
      () => [1],
      needs,
    ),
    exactCheck(
      "argmin",
      "int32 neighbours",
      (on) => [ints(on, b.slice(0, 2))],
      (x) => core.argmin(x),
      () => [1],
      needs,
    ),
    alone(
      "sum",
      (x) => core.sum(x),
      () => [a.reduce((sum, x) => (sum + x) | 0, 0)],
    ),
    alone(
      "sort",
      (x) => core.sort(x),
      () => order.map((i) => a[i] ?? 0),
    ),
    alone(
      "argsort",
      (x) => core.argsort(x),
      () => order,
    ),
    alone(
      "take",
      (x) => core.take(x, ints(x.backend, [4, 1])),
      () => [a[4] ?? 0, a[1] ?? 0],
    ),
    exactCheck(
      "pad",
      "int32 near the ends",
      (on) => [ints(on, [2 ** 24 + 3])],
      (x) => core.pad(x, [[1, 1]], 2 ** 24 + 1),
      () => [2 ** 24 + 1, 2 ** 24 + 3, 2 ** 24 + 1],
      needs,
    ),
    exactCheck(
      "mul",
      "an int32 number near the ends",
      (on) => [ints(on, [1, 2])],
      (x) => x.add(2 ** 24 + 1),
      () => [2 ** 24 + 2, 2 ** 24 + 3],
      needs,
    ),
    exactCheck(
      "floor",
      "beyond int32",
      (on) => [arrayOf(on, [3e9, -5e9])],
      (x) => core.floor(x),
      () => [3e9, -5e9].map(Math.fround),
    ),
  ];
}
