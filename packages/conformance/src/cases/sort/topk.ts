import { AxisError, type Tensor, type TopkOptions, topk, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import type { Subject } from "../../verify.js";

const { NaN: nan, POSITIVE_INFINITY: infinity } = Number;

const values =
  (k: number, options?: TopkOptions): Subject =>
  (x: Tensor) =>
    topk(x, k, options).values;
const indices =
  (k: number, options?: TopkOptions): Subject =>
  (x: Tensor) =>
    topk(x, k, options).indices;

export default defineCases("topk", (c) => {
  const two = c.call("values of 2", values(2));
  two.forward([5, 9, 7], [9, 7]);
  two.forward(
    [
      [1, 2, 3],
      [6, 5, 4],
    ],
    [
      [3, 2],
      [6, 5],
    ],
  );
  two.forward(int32([-5, 9, 7]), int32([9, 7]));
  two.forward(uint8([5, 255, 7]), uint8([255, 7]));
  two.forward(bool([0, 1, 0]), bool([1, 0]));
  two.edges([1, nan, infinity, -infinity], [nan, infinity]);
  two.gradient([5, 9, 7]);
  two.gradient([
    [1, 2, 3],
    [6, 5, 4],
  ]);
  two.throws("more than there are", ValueError, [1]);
  two.throws("a tensor without axes", AxisError, typed("float32", 1));
  const places = c.call("indices of 2", indices(2));
  places.forward([5, 9, 7], int32([1, 2]));
  // Of equal elements the first.
  places.forward([5, 7, 7, 7], int32([1, 2]));
  places.edges([1, nan, infinity, nan], int32([1, 3]));
  const smallest = c.call("indices of the 2 smallest", indices(2, { largest: false }));
  smallest.forward([5, 3, 7, 3], int32([1, 3]));
  smallest.edges([nan, 1, -infinity], int32([2, 1]));
  const columns = c.call("values of 1 along axis 0", values(1, { axis: 0 }));
  columns.forward(
    [
      [3, 1],
      [2, 4],
    ],
    [[3, 4]],
  );
  columns.gradient([
    [3, 1],
    [2, 4],
  ]);
  const none = c.call("values of 0", values(0));
  none.forward([1, 2], []);
  none.forward([], []);
  const fraction = c.call("values of 0.5", values(0.5));
  fraction.throws("a fraction", ValueError, [1, 2]);
  const negative = c.call("values of -1", values(-1));
  negative.throws("a negative number", ValueError, [1, 2]);
  const unknown = c.call("values of NaN", values(nan));
  unknown.throws("NaN", ValueError, [1, 2]);
  c.torch(({ n = 0, options }, call) => (call === "values" ? values : indices)(n, options));
});
