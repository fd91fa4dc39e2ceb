import { bitwiseRightShift, DTypeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, uint8 } from "../../values.js";

export default defineCases("bitwiseRightShift", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are whole numbers");
  c.forward(int32([8, -5, -2147483648, 7]), int32([1, 1, 31, 0]), int32([4, -3, -1, 7]));
  c.forward(uint8([255, 128, 3]), uint8([1, 7, 0]), uint8([127, 1, 3]));
  // Only the sign is left; a negative count counts as a large one.
  c.forward(
    int32([8, -8, 5, -5, -5]),
    int32([32, 33, -1, -1, -2147483648]),
    int32([0, -1, 0, -1, -1]),
  );
  c.forward(uint8([255, 128]), uint8([8, 255]), uint8([0, 0]));
  for (const count of [8, 256, 264, -1, -256, 1e10])
    c.forward(uint8([1, 255]), count, uint8([0, 0]));
  for (const count of [32, -1, 1e10]) c.forward(int32([1, -1]), count, int32([0, -1]));
  c.forward(uint8([255]), int32([4]), int32([15]));
  c.forward(
    int32([[16], [-16]]),
    int32([1, 2]),
    int32([
      [8, 4],
      [-8, -4],
    ]),
  );
  c.forward(int32([], [0]), 1, int32([], [0]));
  c.throws("floats", DTypeError, [1], int32([1]));
  c.throws("fractions", DTypeError, int32([1]), 0.5);
  c.throws("infinite counts", DTypeError, int32([1]), Infinity);
  c.throws("bool", DTypeError, bool([1]), bool([1]));
  c.torch(() => bitwiseRightShift);
});
