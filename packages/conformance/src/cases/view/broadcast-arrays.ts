import { broadcastArrays, ShapeError, stack, type Tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("broadcastArrays", (c) => {
  const both = c.call("two, stacked", (...xs) => stack(broadcastArrays(...xs)));
  both.forward(
    [1, 2],
    [[3], [4]],
    [
      [
        [1, 2],
        [1, 2],
      ],
      [
        [3, 3],
        [4, 4],
      ],
    ],
  );
  both.forward(
    typed("float32", 1),
    typed("float32", [2, 3]),
    typed("float32", [
      [1, 1],
      [2, 3],
    ]),
  );
  both.gradient([1, 2], [[3], [4]]);
  both.throws("extents that differ", ShapeError, [1, 2], [1, 2, 3]);
  const first = c.call("the first", (...xs) => broadcastArrays(...xs)[0] as Tensor);
  first.forward(int32([1, 2]), [[0.5]], int32([[1, 2]]));
  first.forward([7], typed("float32", [], [0]), []);
  c.torch(
    ({ pick = 0 }) =>
      (...xs) =>
        broadcastArrays(...xs)[pick] as Tensor,
  );
});
