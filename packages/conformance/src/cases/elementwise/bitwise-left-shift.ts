import { bitwiseLeftShift, DTypeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, uint8 } from "../../values.js";

export default defineCases("bitwiseLeftShift", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are whole numbers");
  c.forward(int32([1, 3, -5, 1]), int32([0, 4, 1, 31]), int32([1, 48, -10, -2147483648]));
  c.forward(uint8([1, 255, 3]), uint8([7, 1, 0]), uint8([128, 254, 3]));
  // All bits leave; a negative count counts as a large one.
  c.forward(int32([1, -1, 5, 5, 5]), int32([32, 33, 64, -1, -2147483648]), int32([0, 0, 0, 0, 0]));
  c.forward(uint8([1, 255]), uint8([8, 255]), uint8([0, 0]));
  for (const count of [8, 256, 264, -1, -256, 1e10]) c.forward(uint8([1, 3]), count, uint8([0, 0]));
  for (const count of [32, -1, 1e10]) c.forward(int32([1, -1]), count, int32([0, 0]));
  c.forward(uint8([255]), int32([4]), int32([4080]));
  c.forward(
    int32([[1], [2]]),
    int32([1, 2]),
    int32([
      [2, 4],
      [4, 8],
    ]),
  );
  c.forward(int32([], [0]), 1, int32([], [0]));
  c.throws("floats", DTypeError, [1], int32([1]));
  c.throws("fractions", DTypeError, int32([1]), 0.5);
  c.throws("infinite counts", DTypeError, int32([1]), Infinity);
  c.throws("bool", DTypeError, bool([1]), bool([1]));
  c.torch(() => bitwiseLeftShift);
});
