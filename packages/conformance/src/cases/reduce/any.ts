import { any } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32 } from "../../values.js";

export default defineCases("any", (c) => {
  c.nonDifferentiable("its results are bool");
  c.forward(
    [
      [true, false],
      [true, true],
    ],
    bool(1, []),
  );
  c.forward([0, 0], bool(0, []));
  c.forward(int32([0, 256]), bool(1, []));
  // 1 and -1 do not cancel.
  c.forward(int32([1, -1]), bool(1, []));
  c.forward([], bool(0, []));
  c.edges([Number.NaN, 0], bool(1, []));
  const rows = c.call("axis 1", (x) => any(x, 1));
  rows.forward(
    [
      [true, false],
      [false, false],
    ],
    bool([1, 0]),
  );
  c.torch(
    ({ axis, keepdims }) =>
      (x) =>
        any(x, axis ?? undefined, { keepdims }),
  );
});
