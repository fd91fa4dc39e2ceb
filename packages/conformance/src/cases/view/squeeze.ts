import { ShapeError, squeeze } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("squeeze", (c) => {
  c.forward([[[1], [2]]], [1, 2]);
  c.gradient([[[1], [2]]]);
  const first = c.call("axis 0", (x) => squeeze(x, 0));
  first.forward([[[1], [2]]], [[1], [2]]);
  first.throws("a longer axis", ShapeError, [1, 2]);
  c.torch(
    ({ axis }) =>
      (x) =>
        squeeze(x, axis ?? undefined),
  );
});
