import { type DType, nextafter, ShapeError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";
import { verify } from "../../verify.js";

const largest32 = (2 - 2 ** -23) * 2 ** 127;
const [inf, nan] = [Infinity, Number.NaN];
/** From, towards, the neighbour: by the definition of the format. */
const steps: Readonly<Record<"float32" | "float64", readonly (readonly number[])[]>> = {
  float32: [
    ...[
      [1, 2, 1 + 2 ** -23],
      [1, 0, 1 - 2 ** -24],
      [-1, -2, -1 - 2 ** -23],
    ],
    ...[
      [2, -inf, 2 - 2 ** -23],
      [-2, 0, -2 + 2 ** -23],
      [0, 1, 2 ** -149],
      [-0, -1, -(2 ** -149)],
    ],
    ...[
      [2 ** -149, 0, 0],
      [2 ** -126, 0, 2 ** -126 - 2 ** -149],
      [largest32, inf, inf],
    ],
    ...[
      [inf, 0, largest32],
      [-inf, inf, -largest32],
      [inf, inf, inf],
      [3, 3, 3],
    ],
    ...[
      [nan, 1, nan],
      [1, nan, nan],
    ],
  ],
  float64: [
    ...[
      [1, 2, 1 + 2 ** -52],
      [1, 0, 1 - 2 ** -53],
      [-1, -2, -1 - 2 ** -52],
    ],
    ...[
      [2, -inf, 2 - 2 ** -52],
      [0, 1, Number.MIN_VALUE],
      [-0, -1, -Number.MIN_VALUE],
    ],
    ...[
      [Number.MIN_VALUE, 0, 0],
      [2 ** -1022, 0, 2 ** -1022 - Number.MIN_VALUE],
    ],
    ...[
      [Number.MAX_VALUE, inf, inf],
      [inf, 0, Number.MAX_VALUE],
      [nan, 1, nan],
      [1, nan, nan],
    ],
  ],
};

export default defineCases("nextafter", (c) => {
  c.primitive();
  c.nonDifferentiable("it steps from one number to the next");
  for (const float of ["float32", "float64"] as const) {
    const smallest = float === "float32" ? 2 ** -126 : 2 ** -1022;
    const isTiny = (x: number): boolean => x !== 0 && Math.abs(x) < smallest;
    for (const subnormals of [false, true]) {
      const rows = steps[float].filter((row) => row.some(isTiny) === subnormals);
      const column = (i: number, dtype: DType) => ({
        shape: [rows.length],
        dtype,
        data: rows.map((row) => row[i] ?? 0),
      });
      c.check(
        `steps to the ${subnormals ? "subnormal " : ""}neighbour in ${float}`,
        (bench) =>
          verify(bench, {
            op: "nextafter",
            subject: nextafter,
            operands: [column(0, float), column(1, float)],
            expected: column(2, float),
            float,
            signedZeros: true,
          }),
        { dtypes: [float], ieee: true, subnormals, compiles: true },
      );
    }
  }
  // Shapes and dtypes; the values are checked to more digits above.
  c.forward(
    [[1], [2]],
    [0, 5],
    [
      [1, 1],
      [2, 2],
    ],
  );
  c.forward([], 1, []);
  c.forward(int32([1, -3]), 2, typed("float32", [1, -3]));
  c.forward(int32([1]), typed("float64", [2]), typed("float64", [1]));
  c.throws("shapes that do not broadcast", ShapeError, [1, 2], [1, 2, 3]);
});
