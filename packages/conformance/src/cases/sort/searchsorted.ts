import { ShapeError, searchsorted, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

export default defineCases("searchsorted", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are positions");
  c.forward([1, 3, 3, 5], [3, 0, 9, 4], int32([1, 0, 4, 3]));
  c.forward([1, 3, 3, 5], [[1], [5]], int32([[0], [3]]));
  c.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [2, 9],
      [5, 0],
    ],
    int32([
      [1, 3],
      [1, 0],
    ]),
  );
  c.forward([1, 3], typed("float32", 2), int32(1, []));
  c.forward([], [1, 2], int32([0, 0]));
  c.forward([1], typed("float32", [], [0]), int32([], [0]));
  c.forward(int32([-5, 0, 5]), int32([-5, 6]), int32([0, 3]));
  c.forward(uint8([1, 200, 255]), int32([-1, 256]), int32([0, 3]));
  c.forward(int32([1, 2]), [1.5], int32([1]));
  c.forward(bool([0, 0, 1]), bool([1, 0]), int32([2, 0]));
  // NaN comes after everything, as in sort.
  c.edges([-infinity, 0, infinity, nan, nan], [nan, infinity, -infinity, -0], int32([3, 2, 0, 1]));
  c.throws("lines that do not pair up", ShapeError, [[1, 2]], [[1], [2]]);
  c.throws("another number of axes", ShapeError, [[1, 2]], [1]);
  c.throws("a sorted tensor without axes", ShapeError, typed("float32", 1), [1]);
  const right = c.call("right", (sorted, x) => searchsorted(sorted, x, { side: "right" }));
  right.forward([1, 3, 3, 5], [3, 0, 9, 4], int32([3, 0, 4, 3]));
  right.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [2, 9],
      [5, 0],
    ],
    int32([
      [2, 3],
      [2, 0],
    ]),
  );
  right.edges(
    [-infinity, 0, infinity, nan, nan],
    [nan, infinity, -infinity, -0],
    int32([5, 3, 1, 2]),
  );
  const middle = c.call("middle", (sorted, x) => {
    return searchsorted(sorted, x, { side: "middle" as "left" });
  });
  middle.throws("another side", ValueError, [1], [1]);
  // Every extent has a number of steps of its own.
  for (const extent of [1, 2, 3, 4, 5, 7, 8, 9]) {
    const each = c.call(`among ${extent}`, (sorted, x) => searchsorted(sorted, x));
    const line = Array.from({ length: extent }, (_, i) => 2 * i);
    const asked = Array.from({ length: 2 * extent + 1 }, (_, i) => i - 1);
    each.forward(line, asked, int32(asked.map((x) => Math.ceil(x / 2))));
  }
  c.torch(
    ({ options }) =>
      (sorted, x) =>
        searchsorted(sorted, x, options),
  );
});
