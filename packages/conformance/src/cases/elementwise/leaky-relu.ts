import { leakyRelu } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

export default defineCases("leakyRelu", (c) => {
  c.primitive();
  c.reference((x) => (x > 0 ? x : 0.01 * x));
  c.gradient();
  c.forward(int32([-100, 3]), typed("float32", [-1, 3]));
  c.forward(bool([1, 0]), typed("float32", [1, 0]));
  const steep = c.call("slope -2", (x) => leakyRelu(x, -2));
  steep.reference((x) => (x > 0 ? x : -2 * x));
  steep.gradient([-1.5, 0.5]);
  // One slope for each column, learned.
  const learned = c.call("slopes", leakyRelu);
  learned.forward(
    [
      [-1, -2],
      [3, -4],
    ],
    [0.5, 0.25],
    [
      [-0.5, -0.5],
      [3, -1],
    ],
  );
  learned.forward([-1, 2], typed("float64", [0.5, 0.5]), typed("float64", [-0.5, 2]));
  learned.gradient(
    [
      [-1, -2],
      [3, -4],
    ],
    [0.5, 0.25],
  );
  c.torch(
    ({ slope }) =>
      (x, slopes) =>
        leakyRelu(x, slopes ?? slope),
  );
});
