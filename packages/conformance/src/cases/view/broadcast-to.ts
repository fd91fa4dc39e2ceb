import { broadcastTo, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("broadcastTo", (c) => {
  c.primitive();
  const sheet = c.call("[2,3]", (x) => broadcastTo(x, [2, 3]));
  sheet.forward(
    [1, 2, 3],
    [
      [1, 2, 3],
      [1, 2, 3],
    ],
  );
  sheet.forward(
    [[1], [2]],
    [
      [1, 1, 1],
      [2, 2, 2],
    ],
  );
  sheet.forward(
    typed("float32", 7),
    typed("float32", [
      [7, 7, 7],
      [7, 7, 7],
    ]),
  );
  sheet.forward(
    int32([1, 2, 3]),
    int32([
      [1, 2, 3],
      [1, 2, 3],
    ]),
  );
  sheet.gradient([[1], [2]]);
  sheet.throws("another extent", ShapeError, [1, 2]);
  const empty = c.call("[0,2]", (x) => broadcastTo(x, [0, 2]));
  empty.forward(typed("float32", [[1, 2]]), typed("float32", [], [0, 2]));
  c.torch(
    ({ shape }) =>
      (x) =>
        broadcastTo(x, shape ?? []),
  );
});
