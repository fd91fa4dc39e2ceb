import { AxisError, argsort, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

export default defineCases("argsort", (c) => {
  c.nonDifferentiable("its results are positions");
  c.forward([30, 10, 20, 10], int32([1, 3, 2, 0]));
  c.forward(
    [
      [3, 1, 2],
      [9, 8, 9],
    ],
    int32([
      [1, 2, 0],
      [1, 0, 2],
    ]),
  );
  c.forward(int32([2147483647, -2147483648, 0]), int32([1, 2, 0]));
  c.forward(uint8([255, 0, 128]), int32([1, 2, 0]));
  c.forward(bool([1, 0, 1, 0]), int32([1, 3, 0, 2]));
  c.forward(typed("float32", 5), int32(0, []));
  c.forward(typed("float32", [], [0]), int32([], [0]));
  c.edges([nan, infinity, -infinity, nan, 1], int32([2, 4, 1, 0, 3]));
  c.edges([0, -0, 0, -1, -0], int32([3, 0, 1, 2, 4]));
  const down = c.call("descending", (x) => argsort(x, { descending: true }));
  down.forward([1, 2, 1, 2], int32([1, 3, 0, 2]));
  down.forward(bool([0, 1, 0]), int32([1, 0, 2]));
  down.edges([1, nan, infinity, nan], int32([1, 3, 2, 0]));
  const columns = c.call("axis 0", (x) => argsort(x, { axis: 0 }));
  columns.forward(
    [
      [3, 1],
      [2, 4],
    ],
    int32([
      [1, 0],
      [0, 1],
    ]),
  );
  const far = c.call("axis 1", (x) => argsort(x, { axis: 1 }));
  far.throws("a missing axis", AxisError, [1, 2]);
  const stable = async ({ backend, prepared }: Bench): Promise<void> => {
    const [rows, columns] = [2, 400];
    const data = Float32Array.from({ length: rows * columns }, (_, i) => (i * 7919) % 13);
    const make = (elements: Float32Array): Tensor =>
      tensor(elements, { shape: [rows, columns], backend });
    for (const descending of [false, true]) {
      const sign = descending ? -1 : 1;
      const expected = Array.from({ length: rows }, (_, row) => {
        const line = data.subarray(row * columns, (row + 1) * columns);
        // JavaScript's own sort is stable.
        return [...line.keys()].sort((a, b) => sign * ((line[a] ?? 0) - (line[b] ?? 0)));
      });
      const both = prepared(
        (x: Tensor) => [argsort(x, { descending }), argsort(x.T, { axis: 0, descending }).T],
        () => [make(data.toReversed())],
      );
      for (const order of both(make(data))) {
        ensure(`${await order.array()}` === `${expected}`, "differs from a stable sort");
      }
    }
  };
  c.check("keeps the order of equal elements in long lines, both ways", stable, { compiles: true });
  c.torch(
    ({ options }) =>
      (x) =>
        argsort(x, options),
  );
});
