import { AxisError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("matrixTranspose", (c) => {
  c.forward(
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [1, 4],
      [2, 5],
      [3, 6],
    ],
  );
  c.forward(
    [
      [
        [1, 2],
        [3, 4],
      ],
      [
        [5, 6],
        [7, 8],
      ],
    ],
    [
      [
        [1, 3],
        [2, 4],
      ],
      [
        [5, 7],
        [6, 8],
      ],
    ],
  );
  c.gradient([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  c.throws("a line", AxisError, [1, 2]);
});
