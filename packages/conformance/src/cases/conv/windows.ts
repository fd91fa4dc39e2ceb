import { type PaddedWindowOptions, ShapeError, ValueError, windows } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("windows", (c) => {
  c.primitive();
  const two = c.call("2", (x) => windows(x, [2]));
  two.forward(
    [1, 2, 3],
    [
      [1, 2],
      [2, 3],
    ],
  );
  two.forward(
    bool([1, 0, 1]),
    bool([
      [1, 0],
      [0, 1],
    ]),
  );
  two.forward(typed("float32", [], [0, 3]), typed("float32", [], [0, 2, 2]));
  two.gradient([0.5, -1, 2]);
  const spread = c.call("stride 2, dilation 2", (x) => windows(x, [2], { stride: 2, dilation: 2 }));
  spread.forward(
    [1, 2, 3, 4, 5],
    [
      [1, 3],
      [3, 5],
    ],
  );
  spread.gradient([0.5, -1, 2, 1, 4]);
  const plane = c.call("2 by 1", (x) => windows(x, [2, 1]));
  plane.forward(
    int32([
      [1, 2],
      [3, 4],
    ]),
    int32([
      [
        [[1], [3]],
        [[2], [4]],
      ],
    ]),
  );
  plane.gradient([
    [0.5, -1],
    [2, 0.25],
    [1, 3],
  ]);
  plane.throws("too few axes", ValueError, [1, 2]);
  const padded: PaddedWindowOptions = { padding: 1 };
  const unpadded = c.call("options of a padded function", (x) => windows(x, [2], padded));
  unpadded.forward(
    [1, 2, 3],
    [
      [1, 2],
      [2, 3],
    ],
  );
  two.throws("a window that does not fit", ShapeError, [1]);
  const bare = c.call("a bare number", (x) => windows(x, 2 as never));
  bare.throws("what is no list", ShapeError, [1, 2]);
  c.torch(
    ({ window = 1, options }) =>
      (x) =>
        windows(x, typeof window === "number" ? [window] : window, options),
  );
});
