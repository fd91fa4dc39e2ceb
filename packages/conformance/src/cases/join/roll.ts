import { AxisError, roll, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed } from "../../values.js";

const sheet = [
  [1, 2, 3],
  [4, 5, 6],
];

export default defineCases("roll", (c) => {
  const flat = c.call("by 1", (x) => roll(x, 1));
  flat.forward(sheet, [
    [6, 1, 2],
    [3, 4, 5],
  ]);
  flat.forward(int32([7, 8]), int32([8, 7]));
  flat.forward(bool([1, 0, 0]), bool([0, 1, 0]));
  flat.forward(typed("float32", 5), typed("float32", 5));
  flat.forward([], []);
  flat.edges([Number.NaN, -0, Infinity], [Infinity, Number.NaN, -0]);
  flat.gradient(sheet);
  const back = c.call("by -4 along axis -1", (x) => roll(x, -4, -1));
  back.forward(sheet, [
    [2, 3, 1],
    [5, 6, 4],
  ]);
  back.gradient(sheet);
  back.throws("a tensor without axes", AxisError, typed("float32", 1));
  const both = c.call("by 1, 2 along axes 0, 1", (x) => roll(x, [1, 2], [0, 1]));
  both.forward(sheet, [
    [5, 6, 4],
    [2, 3, 1],
  ]);
  both.gradient(sheet);
  const shared = c.call("by 1 along axes 0, 1", (x) => roll(x, 1, [0, 1]));
  shared.forward(sheet, [
    [6, 4, 5],
    [3, 1, 2],
  ]);
  shared.forward(typed("float32", [], [0, 2]), typed("float32", [], [0, 2]));
  const uneven = c.call("by 1, 2 along axis 0", (x) => roll(x, [1, 2], 0));
  uneven.throws("more shifts than axes", ValueError, [1, 2]);
  const flatUneven = c.call("by 1, 2", (x) => roll(x, [1, 2]));
  flatUneven.throws("several shifts without axes", ValueError, [1, 2]);
  const fraction = c.call("by 0.5", (x) => roll(x, 0.5));
  fraction.throws("a fraction", ValueError, [1, 2]);
  const unknown = c.call("by NaN", (x) => roll(x, Number.NaN, 0));
  unknown.throws("NaN", ValueError, [1, 2]);
  c.torch(
    ({ shift = 0, axis }) =>
      (x) =>
        roll(x, shift, axis ?? undefined),
  );
});
