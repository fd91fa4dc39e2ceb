import { min, ShapeError, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("min", (c) => {
  c.primitive();
  c.forward(
    [
      [1, 2],
      [4, 3],
    ],
    1,
  );
  c.forward(int32([2147483647, 7]), int32(7, []));
  c.forward(uint8([3, 255]), uint8(3, []));
  c.forward(bool([0, 1]), bool(0, []));
  c.edges([1, Number.NaN, 2], Number.NaN);
  c.edges([Number.NaN, 1], Number.NaN);
  c.edges([Infinity, Infinity], Infinity);
  c.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  for (const [title, values, expected, needs] of [
    ["equal elements", [3, 3, 3], "1,1,1", {}],
    ["NaN", [1, Number.NaN, Number.NaN], "0,1.5,1.5", { ieee: true }],
  ] as const) {
    const run = async ({ backend, prepared }: Bench): Promise<void> => {
      const make = (elements: readonly number[]): Tensor =>
        tensor(elements, { backend, requiresGrad: true });
      const x = make(values);
      prepared(
        (y: Tensor) => min(y).mul(3).backward(),
        () => [make(values.toReversed())],
      )(x);
      const found = `${await x.grad?.data()}`;
      ensure(found === expected, `expected ${expected}, got ${found}`);
    };
    c.check(`shares the gradient among ${title}`, run, { ...needs, compiles: true });
  }
  c.throws("nothing", ShapeError, []);
  const rows = c.call("axis 1", (x) => min(x, 1));
  rows.forward(
    [
      [1, 2],
      [4, 3],
    ],
    [1, 3],
  );
  rows.edges(
    [
      [1, Number.NaN],
      [Infinity, 3],
    ],
    [Number.NaN, 3],
  );
  rows.forward(typed("float32", [], [0, 3]), typed("float32", []));
  rows.throws("an empty axis", ShapeError, typed("float32", [], [3, 0]));
  rows.gradient([
    [0.5, -1],
    [2, 0.25],
  ]);
  const kept = c.call("axes 0 and 1, kept", (x) => min(x, [0, 1], { keepdims: true }));
  kept.forward(
    [
      [1, 2],
      [4, 3],
    ],
    [[1]],
  );
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        min(x, axis ?? undefined, { keepdims }),
  );
});
