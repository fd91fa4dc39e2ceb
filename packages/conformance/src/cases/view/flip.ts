import { AxisError, flip } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32 } from "../../values.js";

export default defineCases("flip", (c) => {
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [4, 3],
      [2, 1],
    ],
  );
  c.forward([], []);
  c.forward(int32([1, 2, 3]), int32([3, 2, 1]));
  c.gradient([
    [1, 2],
    [3, 4],
  ]);
  const columns = c.call("axis 1", (x) => flip(x, 1));
  columns.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [2, 1],
      [4, 3],
    ],
  );
  columns.gradient([
    [1, 2],
    [3, 4],
  ]);
  columns.throws("a missing axis", AxisError, [1]);
  c.torch(
    ({ axis }) =>
      (x) =>
        flip(x, axis ?? undefined),
  );
});
