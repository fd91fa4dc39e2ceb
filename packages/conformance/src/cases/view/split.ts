import { AxisError, concat, ShapeError, split, type Tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

/** The parts joined in reverse order, so that one tensor shows where each began and ended. */
function reversed(parts: readonly Tensor[], axis: number): Tensor {
  return concat(parts.toReversed(), axis);
}

export default defineCases("split", (c) => {
  const thirds = c.call("3 parts", (x) => reversed(split(x, 3), 0));
  thirds.forward([1, 2, 3, 4, 5, 6], [5, 6, 3, 4, 1, 2]);
  thirds.forward(int32([7, 8, 9]), int32([9, 8, 7]));
  thirds.gradient([1, 2, 3]);
  thirds.throws("an axis they do not divide", ShapeError, [1, 2]);
  thirds.throws("an empty axis", ShapeError, []);
  thirds.throws("a tensor without axes", AxisError, typed("float32", 1));
  const columns = c.call("1 and 2 columns", (x) => reversed(split(x, [1, 2], -1), -1));
  columns.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [2, 3, 1],
      [5, 6, 4],
    ],
  );
  columns.gradient([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  columns.throws("sizes that do not add up", ShapeError, [1, 2]);
  const empty = c.call("an empty part", (x) => split(x, [0, 2])[0] as Tensor);
  empty.forward([1, 2], []);
  const none = c.call("0 parts", (x) => split(x, 0)[0] as Tensor);
  none.throws("0 parts", ShapeError, [1]);
  const negative = c.call("sizes 3 and -1", (x) => split(x, [3, -1])[0] as Tensor);
  negative.throws("negative sizes", ShapeError, [1, 2]);
  const fraction = c.call("sizes 0.5 and 1.5", (x) => split(x, [0.5, 1.5])[0] as Tensor);
  fraction.throws("fractions", ShapeError, [1, 2]);
  const unknown = c.call("NaN parts", (x) => split(x, Number.NaN)[0] as Tensor);
  unknown.throws("NaN parts", ShapeError, [1]);
  c.torch(
    ({ counts = 1, axis, pick = 0 }) =>
      (x) =>
        split(x, counts, Number(axis))[pick] as Tensor,
  );
});
