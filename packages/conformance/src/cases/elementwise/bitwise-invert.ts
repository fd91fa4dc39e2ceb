import { bitwiseInvert, DTypeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, uint8 } from "../../values.js";

export default defineCases("bitwiseInvert", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are whole numbers");
  c.forward(int32([0, 5, -1, 2147483647]), int32([-1, -6, 0, -2147483648]));
  c.forward(uint8([0, 5, 255]), uint8([255, 250, 0]));
  c.forward(bool([1, 0]), bool([0, 1]));
  c.forward(int32([[1], [2]]), int32([[-2], [-3]]));
  c.forward(int32([], [2, 0]), int32([], [2, 0]));
  c.forward(uint8(7, []), uint8(248, []));
  c.throws("floats", DTypeError, [1]);
  c.torch(() => bitwiseInvert);
});
