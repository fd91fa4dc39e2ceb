import { nonzero } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

export default defineCases("nonzero", (c) => {
  c.readsElements();
  c.nonDifferentiable("its results are positions");
  c.forward([0, 3, 0, -1], int32([[1], [3]]));
  c.forward(
    [
      [0, 7],
      [5, 0],
    ],
    int32([
      [0, 1],
      [1, 0],
    ]),
  );
  c.forward(int32([[[0, 0]], [[0, 9]]]), int32([[1, 0, 1]]));
  c.forward(uint8([255, 0]), int32([[0]]));
  c.forward(bool([0, 1, 1]), int32([[1], [2]]));
  c.forward([0, 0], int32([], [0, 1]));
  c.forward(typed("float32", [], [0, 3]), int32([], [0, 2]));
  c.forward(typed("float32", 7), int32([], [1, 0]));
  c.forward(typed("float32", 0), int32([], [0, 0]));
  c.edges([Number.NaN, -0, Infinity], int32([[0], [2]]));
  c.torch(() => nonzero);
});
