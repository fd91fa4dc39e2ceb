import { meshgrid, ShapeError, stack, type Tensor, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("meshgrid", (c) => {
  const plane = c.call("two lines, stacked", (...lines) => stack(meshgrid(lines)));
  plane.forward(
    [1, 2, 3],
    [4, 5],
    [
      [
        [1, 2, 3],
        [1, 2, 3],
      ],
      [
        [4, 4, 4],
        [5, 5, 5],
      ],
    ],
  );
  plane.gradient([1, 2, 3], [4, 5]);
  plane.throws("a matrix", ShapeError, [1, 2], [[1]]);
  plane.throws("a tensor without axes", ShapeError, typed("float32", 1), [1]);
  const first = c.call("the first", (...lines) => meshgrid(lines)[0] as Tensor);
  first.forward(int32([1, 2]), int32([1, 2]));
  first.forward(int32([1, 2]), [], int32([], [0, 2]));
  first.forward(int32([1, 2]), [0.5], int32([[1, 2]]));
  const unknown = c.call("indexing yx", (...lines) => {
    return meshgrid(lines, { indexing: "yx" as "xy" })[0] as Tensor;
  });
  unknown.throws("another indexing", ValueError, [1]);
  c.torch(
    ({ pick = 0, options }) =>
      (...lines) =>
        meshgrid(lines, options)[pick] as Tensor,
  );
});
