import { DTypeError, maskedSelect, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("maskedSelect", (c) => {
  c.readsElements();
  c.forward(
    sheet,
    bool([
      [1, 0, 1],
      [0, 1, 0],
    ]),
    [1, 3, 5],
  );
  // A mask of the first axes picks whole slices.
  c.forward(sheet, bool([0, 1]), [[4, 5, 6]]);
  c.forward(int32(sheet), bool([0, 0]), int32([], [0, 3]));
  c.forward(int32([7, 8]), bool([1, 1]), int32([7, 8]));
  c.forward(bool([1, 0]), bool([0, 1]), bool([0]));
  c.forward([], bool([], [0]), []);
  c.forward(typed("float32", [], [2, 0]), bool([1, 0]), typed("float32", [], [1, 0]));
  // A mask without axes keeps everything or nothing, along a new axis.
  c.forward([1, 2], bool(1, []), [[1, 2]]);
  c.forward(int32([1, 2]), bool(0, []), int32([], [0, 2]));
  c.edges([Number.NaN, -0, Infinity], bool([1, 1, 0]), [Number.NaN, -0]);
  c.throws("a mask of numbers", DTypeError, [1, 2], [1, 0]);
  c.throws("other extents", ShapeError, [1, 2], bool([1, 0, 1]));
  c.throws("more axes than the tensor", ShapeError, [1, 2], bool([[1, 0]]));
  c.throws("the last axes only", ShapeError, sheet, bool([1, 0, 1]));
  c.torch(() => maskedSelect);
});
