import { AxisError, cumulativeMax, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("cumulativeMax", (c) => {
  c.primitive();
  c.forward([1, 3, 2, 5, -1], [1, 3, 3, 5, 5]);
  c.forward(int32([-2147483648, -7, -9]), int32([-2147483648, -7, -7]));
  c.forward(uint8([0, 255, 3]), uint8([0, 255, 255]));
  c.forward(bool([0, 1, 0]), bool([0, 1, 1]));
  c.forward([], []);
  c.edges([1, Number.NaN, 5, -5], [1, Number.NaN, Number.NaN, Number.NaN]);
  c.edges([Number.NaN, 1], [Number.NaN, Number.NaN]);
  c.edges([-Infinity, 1, Infinity, 2], [-Infinity, 1, Infinity, Infinity]);
  c.gradient([0.5, -1, 2, 1.5, -3]);
  c.throws("a scalar", AxisError, typed("float32", 1));
  c.throws("two axes without one of them named", AxisError, [[1]]);
  const sheet = [
    [1, 5, 3],
    [4, 2, 6],
  ];
  const columns = c.call("axis 0", (x) => cumulativeMax(x, 0));
  columns.forward(sheet, [
    [1, 5, 3],
    [4, 5, 6],
  ]);
  columns.forward(typed("float32", [], [0, 3]), typed("float32", [], [0, 3]));
  columns.gradient(sheet);
  const rows = c.call("axis -1", (x) => cumulativeMax(x, -1));
  rows.forward(sheet, [
    [1, 5, 5],
    [4, 4, 6],
  ]);
  rows.gradient(sheet);
  const last = async ({ backend, prepared }: Bench): Promise<void> => {
    const make = (...elements: number[]): Tensor =>
      tensor(elements, { backend, requiresGrad: true });
    const x = make(1, Number.NaN, 5, Number.NaN, -5);
    prepared(
      (y: Tensor) => cumulativeMax(y).sum().backward(),
      () => [make(Number.NaN, 1, 2, 3, 4)],
    )(x);
    const found = `${await x.grad?.data()}`;
    ensure(found === "1,2,0,2,0", `expected 1,2,0,2,0, got ${found}`);
  };
  c.check("gives the gradient of NaN to the last NaN", last, { compiles: true });
  c.torch(
    ({ axis }) =>
      (x) =>
        cumulativeMax(x, Number(axis)),
  );
});
