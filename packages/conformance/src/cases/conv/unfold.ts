import { ShapeError, unfold } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32 } from "../../values.js";

export default defineCases("unfold", (c) => {
  const two = c.call("2", (x) => unfold(x, 2));
  two.forward(
    [[[1, 2, 3]]],
    [
      [
        [1, 2],
        [2, 3],
      ],
    ],
  );
  two.forward(int32([[[1, 2]]]), int32([[[1], [2]]]));
  two.gradient([[[0.5, -1, 2]]]);
  const padded = c.call("padding and stride", (x) => unfold(x, 2, { padding: 1, stride: 2 }));
  padded.forward(
    [[[1, 2, 3]]],
    [
      [
        [0, 2],
        [1, 3],
      ],
    ],
  );
  padded.gradient([[[0.5, -1, 2]]]);
  two.throws("no spatial axis", ShapeError, [[1, 2]]);
  two.throws("a window that does not fit", ShapeError, [[[1]]]);
  c.torch(
    ({ window = 1, options }) =>
      (x) =>
        unfold(x, window, options),
  );
});
