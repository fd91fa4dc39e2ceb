import { DTypeError, type MatrixNormOptions, ShapeError, ValueError } from "@chainrule/core";
import { matrixNorm } from "@chainrule/core/linalg";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

const sheet = [
  [1, -2, 6],
  [3, 4, 0.5],
];
const orders = { fro: "fro", "1": 1, "-1": -1, inf: Infinity, "-inf": -Infinity } as const;

export default defineCases("matrixNorm", (c) => {
  c.forward(
    [
      [1, -2],
      [2, 4],
    ],
    5,
  );
  c.forward([[[3, 4]], [[0, -2]]], [5, 2]);
  c.forward(typed("float32", [], [0, 3]), typed("float32", 0));
  c.forward(typed("float32", [], [0, 2, 3]), typed("float32", []));
  c.gradient(sheet);
  c.throws("a vector", ShapeError, [1, 2]);
  c.throws("ints", DTypeError, int32([[1]]));
  const norms = { "1": 6.5, "-1": 4, inf: 9, "-inf": 7.5 } as const;
  const empty = { columns: typed("float32", [], [3, 0]), rows: typed("float32", [], [0, 3]) };
  for (const name of ["1", "-1", "inf", "-inf"] as const) {
    const call = c.call(`ord ${name}`, (x) => matrixNorm(x, { ord: orders[name] }));
    call.forward(sheet, norms[name]);
    call.forward([sheet], [norms[name]]);
    call.edges([[Number.NaN, 1]], Number.NaN);
    call.gradient(sheet);
    const [without, nothing] = name.endsWith("1")
      ? (["columns", "rows"] as const)
      : (["rows", "columns"] as const);
    call.throws(`no ${without}`, ShapeError, empty[without]);
    call.forward(empty[nothing], typed("float32", 0));
  }
  const kept = c.call("kept", (x) => matrixNorm(x, { ord: 1, keepdims: true }));
  kept.forward([sheet], [[[6.5]]]);
  for (const ord of [2, -2, "nuc", Number.NaN, 0] as unknown[] as MatrixNormOptions["ord"][]) {
    const call = c.call(`ord ${ord}`, (x) => matrixNorm(x, { ord }));
    call.throws("a norm that is not there", ValueError, sheet);
  }
  c.torch(
    ({ ord, keepdims }) =>
      (x) =>
        matrixNorm(x, { ord: orders[`${ord}` as keyof typeof orders], keepdims }),
  );
});
