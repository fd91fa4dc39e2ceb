import { all } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32 } from "../../values.js";

export default defineCases("all", (c) => {
  c.nonDifferentiable("its results are bool");
  c.forward(
    [
      [true, false],
      [true, true],
    ],
    bool(0, []),
  );
  c.forward([1, 0.5, -2], bool(1, []));
  c.forward(int32([256, 1]), bool(1, []));
  // 65536 times 65536 is 0 as an int32.
  c.forward(int32([65536, 65536]), bool(1, []));
  c.forward([], bool(1, []));
  c.edges([Number.NaN, 1], bool(1, []));
  const rows = c.call("axis 1", (x) => all(x, 1));
  rows.forward(
    [
      [true, false],
      [true, true],
    ],
    bool([0, 1]),
  );
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        all(x, axis ?? undefined, { keepdims }),
  );
});
