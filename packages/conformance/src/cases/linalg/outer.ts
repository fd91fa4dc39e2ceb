import { DTypeError, ShapeError } from "@chainrule/core";
import { outer } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("outer", (c) => {
  c.forward(
    [1, 2],
    [1, 10, 100],
    [
      [1, 10, 100],
      [2, 20, 200],
    ],
  );
  c.forward(int32([65536, 3]), int32([65537]), int32([[65536], [196611]]));
  c.forward(typed("float32", [], [0]), typed("float32", [1, 2]), typed("float32", [], [0, 2]));
  c.edges(
    [Infinity, -1],
    [0, 1],
    [
      [Number.NaN, Infinity],
      [-0, -1],
    ],
  );
  c.gradient([0.5, -1], [2, 0.25, 3]);
  c.throws("matrices", ShapeError, [[1]], [1]);
  c.throws("scalars", ShapeError, [1], typed("float32", 1));
  c.throws("bool", DTypeError, bool([true]), bool([true]));
  c.torch(() => outer);
});
