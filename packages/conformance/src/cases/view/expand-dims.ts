import { AxisError, expandDims } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("expandDims", (c) => {
  const first = c.call("axis 0", (x) => expandDims(x, 0));
  first.forward([1, 2], [[1, 2]]);
  first.gradient([1, 2]);
  const last = c.call("axis -1", (x) => expandDims(x, -1));
  last.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [[1], [2]],
      [[3], [4]],
    ],
  );
  const far = c.call("axis 3", (x) => expandDims(x, 3));
  far.throws("an axis too far", AxisError, [1]);
  c.torch(
    ({ axis }) =>
      (x) =>
        expandDims(x, Number(axis)),
  );
});
