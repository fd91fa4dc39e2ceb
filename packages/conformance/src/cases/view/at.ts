import { at, IndexError, type IndexItem } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { bool, int32 } from "../../values.js";

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

/** A position, or a slice as text. */
function itemOf(text: string): IndexItem {
  return text.includes(":") ? text : Number(text);
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
  const outside = c.call("position 5", (x) => at(x, 5));
  outside.throws("a position outside", IndexError, [1, 2]);
  const many = c.call("three items", (x) => at(x, 0, 0, 0));
  many.throws("too many items", IndexError, [[1]]);
  const still = c.call("step 0", (x) => at(x, "::0"));
  still.throws("step 0", IndexError, [1]);
  c.torch(
    ({ items = "" }) =>
      (x) =>
        at(x, ...items.split(",").map(itemOf)),
  );
});
