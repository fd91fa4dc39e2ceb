import { ShapeError, stack } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { typed } from "../../values.js";

export default defineCases("stack", (c) => {
  const rows = c.call("axis 0", (...parts) => stack(parts));
  rows.forward(
    [1, 2],
    [3, 4],
    [
      [1, 2],
      [3, 4],
    ],
  );
  rows.forward(typed("float32", 1), typed("float32", 2), typed("float32", [1, 2]));
  rows.gradient([1, 2], [3, 4]);
  rows.throws("shapes that differ", ShapeError, [1, 2], [1]);
  const columns = c.call("axis -1", (...parts) => stack(parts, -1));
  columns.forward(
    [1, 2],
    [3, 4],
    [5, 6],
    [
      [1, 3, 5],
      [2, 4, 6],
    ],
  );
  columns.gradient([1, 2], [3, 4]);
  c.torch(
    ({ axis }) =>
      (...parts) =>
        stack(parts, Number(axis)),
  );
});
