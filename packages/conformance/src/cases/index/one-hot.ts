import { DTypeError, oneHot, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed, uint8 } from "../../values.js";

export default defineCases("oneHot", (c) => {
  c.nonDifferentiable("indices have no derivative");
  const three = c.call("3 classes", (indices) => oneHot(indices, 3));
  three.forward(
    int32([2, 0]),
    typed("float32", [
      [0, 0, 1],
      [1, 0, 0],
    ]),
  );
  three.forward(uint8(1, []), typed("float32", [0, 1, 0]));
  three.forward(
    int32([3, -1]),
    typed("float32", [
      [0, 0, 0],
      [0, 0, 0],
    ]),
  );
  three.forward(int32([], [0]), typed("float32", [], [0, 3]));
  three.throws("float indices", DTypeError, [0, 1]);
  const none = c.call("0 classes", (indices) => oneHot(indices, 0));
  none.throws("0 classes", ValueError, int32([0]));
  const ints = c.call("as int32", (indices) => oneHot(indices, 2, "int32"));
  ints.forward(
    int32([1, 0]),
    int32([
      [0, 1],
      [1, 0],
    ]),
  );
  c.torch(
    ({ classes }) =>
      (indices) =>
        oneHot(indices, classes ?? 0, "int32"),
  );
});
