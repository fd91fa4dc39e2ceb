import {
  at,
  DTypeError,
  IndexError,
  type IndexItem,
  ShapeError,
  type Tensor,
} from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";

const cube = [
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  [
    [7, 8, 9],
    [10, 11, 12],
  ],
];

/** The items that `text` names, separated by commas; "#" stands for the next of `indices`. */
function itemsOf(text: string, indices: readonly Tensor[]): IndexItem[] {
  const rest = [...indices];
  return text.split(",").map((item) => {
    if (item === "#") return rest.shift() ?? null;
    if (item === "null") return null;
    return item.includes(":") || item === "..." ? item : Number(item);
  });
}

export default defineCases("at", (c) => {
  c.primitive();
  const examples: [string, readonly IndexItem[], Parameters<typeof c.forward>[0]][] = [
    [
      "a position",
      [1],
      [
        [7, 8, 9],
        [10, 11, 12],
      ],
    ],
    ["a position from the end", [-2, 0], [1, 2, 3]],
    ["one element", [1, -1, 2], { dtype: "float32", values: 12 }],
    [
      "the last axis",
      ["...", 1],
      [
        [2, 5],
        [8, 11],
      ],
    ],
    ["a range", [0, 1, "1:3"], [5, 6]],
    ["every second", [0, 0, "::2"], [1, 3]],
    ["backwards", [0, 0, "::-1"], [3, 2, 1]],
    ["backwards from the middle", [0, 0, "1::-1"], [2, 1]],
    [
      "backwards in steps",
      ["::-1", 0, "::-2"],
      [
        [9, 7],
        [3, 1],
      ],
    ],
    ["an object", [0, 0, { start: -2 }], [2, 3]],
    ["a new axis", [0, null, 1], [[4, 5, 6]]],
    ["beyond the end", [0, 0, "2:9"], [3]],
  ];
  for (const [title, items, expected] of examples) {
    const call = c.call(title, (x) => at(x, ...items));
    if (title !== "one element") call.forward(cube, expected);
    call.gradient(cube);
  }
  const element = c.call("one element", (x) => at(x, 1, 0));
  element.forward(
    int32([
      [1, 2],
      [3, 4],
    ]),
    int32(3, []),
  );
  element.forward(
    bool([
      [1, 1],
      [0, 1],
    ]),
    bool(0, []),
  );
  const nothing = c.call("an empty range", (x) => at(x, "2:1"));
  nothing.forward([1, 2, 3], []);
  nothing.gradient([1, 2, 3]);
  const behind = c.call("behind the end of both axes", (x) => at(x, "2:", "2:"));
  behind.forward(
    int32([
      [1, 2],
      [3, 4],
    ]),
    int32([], [0, 0]),
  );
  const outside = c.call("position 5", (x) => at(x, 5));
  outside.throws("a position outside", IndexError, [1, 2]);
  const many = c.call("three items", (x) => at(x, 0, 0, 0));
  many.throws("too many items", IndexError, [[1]]);
  const still = c.call("step 0", (x) => at(x, "::0"));
  still.throws("step 0", IndexError, [1]);
  const rows = c.call("rows by a tensor", (x, i) => at(x, i));
  rows.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([1, 1, 0, -1]),
    [
      [3, 4],
      [3, 4],
      [1, 2],
      [3, 4],
    ],
  );
  rows.forward(
    [5, 6, 7],
    uint8([
      [2, 0],
      [1, 1],
    ]),
    [
      [7, 5],
      [6, 6],
    ],
  );
  rows.forward(int32([5, 6, 7]), int32(-1, []), int32(7, []));
  rows.forward(int32([5, 6]), int32([2, -3, 1]), int32([0, 0, 6]));
  rows.forward(bool([1, 0]), int32([1, 0]), bool([0, 1]));
  rows.forward([1, 2], int32([], [0]), []);
  rows.edges([1, 2], int32([2, -3, 0]), [Number.NaN, Number.NaN, 1]);
  rows.edges(typed("float32", [], [0]), int32([0]), typed("float32", [Number.NaN]));
  // Elements that are picked several times collect their gradients.
  rows.gradient([0.5, -1, 2], int32([1, 1, -2, 0]));
  rows.throws("float indices", DTypeError, [1, 2], [0]);
  rows.throws("a mask", DTypeError, [1, 2], bool([1, 0]));
  const pairs = c.call("rows and columns by tensors", (x, i, j) => at(x, i, j));
  pairs.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([0, 1, 1]),
    int32([1, 0, -1]),
    [2, 3, 4],
  );
  pairs.forward(
    [
      [1, 2],
      [3, 4],
    ],
    int32([[0], [1]]),
    int32([1, 0]),
    [
      [2, 1],
      [4, 3],
    ],
  );
  // Outside on either axis is outside, also where another element lies there in memory.
  pairs.edges(
    [
      [1, 2],
      [3, 4],
    ],
    int32([0, 1, 1, 1073741824]),
    int32([2, -3, 1, 0]),
    [Number.NaN, Number.NaN, 4, Number.NaN],
  );
  pairs.gradient(
    [
      [1, 2],
      [3, 4],
    ],
    int32([0, 1, 0]),
    int32([1, 0, 1]),
  );
  pairs.throws("tensors that do not broadcast", ShapeError, [[1]], int32([0, 0]), int32([0, 0, 0]));
  const lists = c.call("rows and columns by lists", (x) => at(x, [0, -1, 1], [1, 0, 0]));
  lists.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [2, 3, 3],
  );
  lists.gradient([
    [1, 2],
    [3, 4],
  ]);
  lists.throws("a position outside", IndexError, [[1], [2]]);
  lists.throws("too many items", IndexError, [1]);
  const apart = c.call("a list, a slice, a position", (x) => at(x, [1, 0, 1], "::-1", 2));
  apart.forward(cube, [
    [12, 9],
    [6, 3],
    [12, 9],
  ]);
  apart.gradient(cube);
  const fractions = c.call("a list of fractions", (x) => at(x, [0.5]));
  fractions.throws("fractions", IndexError, [1]);
  const typedArray = c.call("a typed array", (x) => at(x, new Int32Array(1) as never));
  typedArray.throws("a typed array", IndexError, [1]);
  c.torch(
    ({ items = "" }) =>
      (x, ...indices) =>
        at(x, ...itemsOf(items, indices)),
  );
});
