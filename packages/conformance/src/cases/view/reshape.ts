import { reshape, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("reshape", (c) => {
  c.primitive();
  const sheet = c.call("[3,-1]", (x) => reshape(x, [3, -1]));
  sheet.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 2],
      [3, 4],
      [5, 6],
    ],
  );
  sheet.forward(int32([1, 2, 3]), int32([[1], [2], [3]]));
  sheet.gradient([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  sheet.throws("another size", ShapeError, [1, 2]);
  const split = c.call("[2,1,3]", (x) => reshape(x, [2, 1, 3]));
  split.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [[[1, 2, 3]], [[4, 5, 6]]],
  );
  const scalar = c.call("[]", (x) => reshape(x, []));
  scalar.forward(typed("float32", [[5]]), typed("float32", 5));
  const empty = c.call("[0,4]", (x) => reshape(x, [0, 4]));
  empty.forward(typed("float32", [], [2, 0]), typed("float32", [], [0, 4]));
  c.torch(
    ({ shape }) =>
      (x) =>
        reshape(x, shape ?? []),
  );
});
