import { describe, expect, it } from "vitest";
import { coord, type Expr, load } from "../expr.js";
import { interpretKernel } from "../interpret.js";
import { operandSpec } from "../kernel.js";
import { type Layout, layout } from "../layout.js";
import { positionOf } from "./digits.js";

const written = { buffer: 0, layout: layout([4, 6]), offset: 0 };

function positions(to: Layout, offset: number): readonly Expr[] | undefined {
  return positionOf(
    { buffer: 0, layout: to, offset },
    to.shape.map((_, d) => coord(d)),
    written,
  );
}

/** The elements of [4, 6] numbered in a row that positions lead to. */
function followed(to: Layout, offset: number): number[] {
  const index = positions(to, offset) ?? [];
  const spec = operandSpec("int32", written.layout);
  const kernel = {
    name: "test",
    outer: to.ndim,
    axes: to.shape,
    inputs: [spec],
    scalars: [],
    stages: [],
    outputs: [{ ...operandSpec("int32", layout(to.shape)), value: load(0, "int32", index) }],
  };
  const data = Int32Array.from({ length: 24 }, (_, i) => i);
  const out = new Int32Array(to.size);
  const target = { data: out, layout: layout(to.shape), offset: 0 };
  interpretKernel(kernel, [{ data, layout: written.layout, offset: 0 }], [], [target]);
  return [...out];
}

/** The elements that a view of numbers in a row reads. */
function read({ shape, strides, size }: Layout, offset: number): number[] {
  return Array.from({ length: size }, (_, i) => {
    let rest = i;
    let address = offset;
    for (let d = shape.length - 1; d >= 0; d--) {
      address += (rest % (shape[d] ?? 1)) * (strides[d] ?? 0);
      rest = Math.floor(rest / (shape[d] ?? 1));
    }
    return address;
  });
}

describe("positionOf", () => {
  it.each<[string, Layout, number]>([
    ["the whole", layout([4, 6]), 0],
    ["a transpose", layout([6, 4], [1, 6]), 0],
    ["a slice", layout([2, 3], [6, 1]), 8],
    ["every second column, backwards", layout([4, 3], [6, -2]), 5],
    ["everything backwards", layout([4, 6], [-6, -1]), 23],
    ["a repeated row", layout([5, 6], [0, 1]), 12],
    ["split columns", layout([4, 2, 3], [6, 3, 1]), 0],
    ["one element", layout([]), 17],
  ])("finds %s", (_, to, offset) => {
    expect(followed(to, offset)).toEqual(read(to, offset));
  });

  it.each<[string, Layout, number]>([
    ["run over the end of a row", layout([4], [1]), 3],
    ["walk merged axes", layout([24]), 0],
    ["step along a diagonal", layout([4], [7]), 0],
    ["start before the array", layout([3], [1]), -1],
  ])("gives none for views that %s", (_, to, offset) => {
    expect(positions(to, offset)).toBeUndefined();
  });
});
