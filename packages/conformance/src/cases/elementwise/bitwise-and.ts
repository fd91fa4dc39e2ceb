import { bitwiseAnd, DTypeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, uint8 } from "../../values.js";

export default defineCases("bitwiseAnd", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are whole numbers");
  c.forward(int32([12, -1, -8]), int32([10, 7, -3]), int32([8, 7, -8]));
  c.forward(uint8([200, 255, 0]), uint8([100, 15, 9]), uint8([64, 15, 0]));
  c.forward(bool([1, 1, 0, 0]), bool([1, 0, 1, 0]), bool([1, 0, 0, 0]));
  c.forward(uint8([200]), int32([-1]), int32([200]));
  c.forward(bool([1, 0]), uint8([3, 2]), uint8([1, 0]));
  c.forward(
    int32([[12], [7]]),
    int32([10, 3]),
    int32([
      [8, 0],
      [2, 3],
    ]),
  );
  c.forward(int32([12, 7]), 10, int32([8, 2]));
  c.forward(int32([], [0, 3]), int32(1, []), int32([], [0, 3]));
  c.throws("floats", DTypeError, [1], int32([1]));
  c.throws("fractions", DTypeError, int32([1]), 0.5);
  c.torch(() => bitwiseAnd);
});
