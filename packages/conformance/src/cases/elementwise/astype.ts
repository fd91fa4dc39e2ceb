import { astype, type DType, DTypeError, tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { ensureThrows } from "../../elementwise/checks.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const to = (dtype: DType) => (x: Parameters<typeof astype>[0]) => astype(x, dtype);
const { NaN: nan } = Number;

export default defineCases("astype", (c) => {
  c.primitive();
  const ints = c.call("int32", to("int32"));
  ints.forward([1.7, -1.7, 0, 2.5], int32([1, -1, 0, 2]));
  // Out of range saturates, NaN is 0.
  ints.edges(
    [3e9, -3e9, nan, Infinity, -Infinity],
    int32([2147483647, -2147483648, 0, 2147483647, -2147483648]),
  );
  ints.forward(bool([1, 0]), int32([1, 0]));
  ints.forward(uint8([200, 3]), int32([200, 3]));
  const bytes = c.call("uint8", to("uint8"));
  bytes.forward([1.7, 200.9, 255], uint8([1, 200, 255]));
  bytes.edges([300, -5, nan, Infinity], uint8([255, 0, 0, 255]));
  // Ints wrap instead.
  bytes.forward(int32([300, -1, 255, 256]), uint8([44, 255, 255, 0]));
  const truth = c.call("bool", to("bool"));
  truth.forward([0, 0.5, -2], bool([0, 1, 1]));
  truth.edges([nan, -0, Infinity], bool([1, 0, 1]));
  truth.forward(int32([0, 256, -1]), bool([0, 1, 1]));
  const single = c.call("float32", to("float32"));
  single.forward(int32([16777217, -3]), typed("float32", [16777216, -3]));
  single.forward(bool([1, 0]), typed("float32", [1, 0]));
  single.forward(
    typed("float64", [0.1, 1e40, 1e-50]),
    typed("float32", [Math.fround(0.1), Infinity, 0]),
  );
  const double = c.call("float64", to("float64"));
  double.forward(typed("float32", [0.1, 2]), typed("float64", [Math.fround(0.1), 2]));
  double.forward(int32([2147483647]), typed("float64", [2147483647]));
  double.gradient([0.5, -2]);
  c.check("refuses an unknown dtype", ({ backend }) =>
    ensureThrows(() => astype(tensor([1], { backend }), "float8" as DType), DTypeError, "astype"),
  );
});
