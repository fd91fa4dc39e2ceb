import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { coalesce } from "./coalesce.js";
import { newArray } from "./dtype.js";
import { call, cast, constant, coord, guardedLoad, load, stageValue } from "./expr.js";
import { type HostOperand, interpretKernel } from "./interpret.js";
import { extentsOf, type Kernel } from "./kernel.js";
import { kernelKey } from "./key.js";
import { type Layout, layout, sizeOf } from "./layout.js";
import { checkKernel } from "./spec.js";
import {
  coords,
  copyOf,
  makeKernel,
  matmul,
  reduceRows,
  sameBits,
  softmax,
  spec,
  withLayouts,
} from "./test-kernels.js";

/** out = x * y + x, element by element over `rank` axes. */
function mulAdd(rank: number): Kernel {
  const [x, y] = [load(0, "float32", coords(rank)), load(1, "float32", coords(rank))];
  const outputs = [call("add", call("mul", x, y), x)];
  return makeKernel({ name: "mulAdd", outer: rank, inputs: [spec(rank), spec(rank)], outputs });
}

function coalesced(kernel: Kernel, layouts: readonly Layout[]): ReturnType<typeof coalesce> {
  const result = coalesce(withLayouts(kernel, layouts), layouts);
  checkKernel(result.kernel);
  return result;
}

describe("how far it gets", () => {
  const same = (l: Layout): Layout[] => [l, l, l];

  test("contiguous arrays become one flat run", () => {
    const { kernel, layouts } = coalesced(mulAdd(3), same(layout([2, 3, 4])));
    expect(kernel.outer).toBe(1);
    expect(layouts).toEqual(same(layout([24])));
  });

  test("empty contiguous arrays do too, wherever the 0 is", () => {
    for (const shape of [
      [0, 3],
      [3, 0],
      [2, 0, 3],
    ])
      expect(coalesced(mulAdd(shape.length), same(layout(shape))).kernel.outer).toBe(1);
  });

  test("arrays of one element need no loop", () => {
    const { kernel, layouts } = coalesced(mulAdd(3), same(layout([1, 1, 1])));
    expect(kernel.outer).toBe(0);
    expect(layouts).toEqual(same(layout([])));
  });

  test("what is repeated everywhere is a scalar operand of a flat run", () => {
    const x = layout([4, 5]);
    const repeated = layout([4, 5], [0, 0]);
    expect(coalesced(mulAdd(2), [x, repeated, x]).layouts).toEqual([
      layout([20]),
      layout([]),
      layout([20]),
    ]);
    expect(coalesced(mulAdd(2), [repeated, repeated, x]).kernel.outer).toBe(1);
  });

  test("a row repeated down a matrix keeps both axes", () => {
    const x = layout([4, 5]);
    const { kernel, layouts } = coalesced(mulAdd(2), [x, layout([4, 5], [0, 1]), x]);
    expect(kernel.outer).toBe(2);
    expect(layouts[1]).toBe(layout([5]));
  });

  test("neighbours merge around one that cannot: a channel of an image batch", () => {
    const x = layout([2, 3, 4, 5]);
    const channel = layout([2, 3, 4, 5], [0, 1, 0, 0]);
    expect(coalesced(mulAdd(4), [x, channel, x]).layouts).toEqual([
      layout([2, 3, 20]),
      layout([3]),
      layout([2, 3, 20]),
    ]);
  });

  test("a transposed operand keeps the axes apart, and walking backwards does not", () => {
    const x = layout([4, 5]);
    expect(coalesced(mulAdd(2), [layout([4, 5], [1, 4]), x, x]).kernel.outer).toBe(2);
    const backwards = layout([4, 5], [-5, -1]);
    expect(coalesced(mulAdd(2), [backwards, x, x]).layouts[0]).toBe(layout([20], [-1]));
  });

  test("softmax over two axes that lie together: rows and the axes of all three loops merge", () => {
    const x = (first: number) => load(0, "float32", [coord(0), coord(1), ...coords(2, first)]);
    const shifted = (first: number) => call("exp", call("sub", x(first), stageValue(0, "float32")));
    const dims = [2, 3, 2, 3].map((dim) => ({ operand: 0, dim }));
    const kernel = makeKernel({
      outer: 4,
      inputs: [spec(4)],
      inner: dims,
      stages: [
        { axes: [4, 5], reduce: "max", value: x(4), dtype: "float32" },
        { axes: [6, 7], reduce: "sum", value: shifted(6), dtype: "float32" },
      ],
      outputs: [call("div", shifted(2), stageValue(1, "float32"))],
    });
    const l = layout([2, 3, 4, 5]);
    expect(coalesced(kernel, [l, l]).layouts).toEqual([layout([6, 20]), layout([6, 20])]);
  });

  test("dimensions loaded through two pairs of which only one may merge stay apart", () => {
    // x[i, j] + x[0, 1] and x[i, j] + x[j, i] on a square matrix
    const plain = load(0, "float32", coords(2));
    const corner = load(0, "float32", [call("mul", coord(0), 0), call("mul", coord(1), 0)]);
    const turned = load(0, "float32", [coord(1), coord(0)]);
    for (const other of [corner, turned]) {
      const kernel = makeKernel({
        outer: 2,
        inputs: [spec(2)],
        outputs: [call("add", plain, other)],
      });
      const square = layout([3, 3]);
      expect(coalesced(kernel, [square, square]).kernel.outer).toBe(2);
    }
  });

  test("an axis whose coordinate is a value is left alone", () => {
    const x = load(0, "int32", coords(2));
    const isPositive = call("gt", x, 0);
    const values = [
      call("add", x, coord(1)),
      guardedLoad(0, "int32", coords(2), isPositive, coord(1)),
      coord(1),
    ];
    for (const value of values) {
      const kernel = makeKernel({ outer: 2, inputs: [spec(2, "int32")], outputs: [value] });
      expect(coalesced(kernel, [layout([4, 5]), layout([4, 5])]).kernel.outer).toBe(2);
    }
  });

  test("m, n and k of a contraction stay even with one element", () => {
    const one = layout([1, 1]);
    const { kernel } = coalesced(matmul, [one, one, one]);
    expect(kernel.contraction).toEqual(matmul.contraction);
    expect(kernel.axes).toHaveLength(3);
  });

  test("a factor that repeats along m, n or k keeps the note", () => {
    const [a, b, out] = [layout([3, 4], [0, 1]), layout([4, 5], [0, 1]), layout([3, 5])];
    expect(coalesced(matmul, [a, b, out]).kernel.contraction).toEqual(matmul.contraction);
  });

  test("an axis of one element joins no others that lie apart", () => {
    const total = makeKernel({
      outer: 0,
      inputs: [spec(3), spec(3)],
      inner: [0, 1, 2].map((dim) => ({ operand: 0, dim })),
      stages: [
        {
          axes: [0, 1, 2],
          reduce: "sum",
          value: call("mul", load(0, "float32", coords(3)), load(1, "float32", coords(3))),
          dtype: "float32",
        },
      ],
      outputs: [stageValue(0, "float32")],
    });
    const contraction = { stage: 0, a: 0, b: 1, batch: [], m: [], n: [], k: [0, 1, 2] };
    const run = layout([2, 1, 3]);
    // Rows of three elements, ten apart, with one axis of one element between.
    const apart = layout([2, 1, 3], [10, 5, 1]);
    const { layouts } = coalesced({ ...total, contraction }, [run, apart, layout([])]);
    expect(layouts[1]?.shape.filter((n) => n !== 1)).toEqual([2, 3]);
  });

  test("m axes merge past one of extent 1, whatever its stride", () => {
    const [a, b, out] = [layout([1, 3, 4], [99, 4, 1]), layout([4, 5]), layout([1, 3, 5])];
    const rows = load(0, "float32", [coord(0), coord(1), coord(3)]);
    const columns = load(1, "float32", [coord(3), coord(2)]);
    const tall: Kernel = {
      ...makeKernel({
        outer: 3,
        inputs: [spec(3), spec(2)],
        inner: [{ operand: 1, dim: 0 }],
        stages: [{ axes: [3], reduce: "sum", value: call("mul", rows, columns), dtype: "float32" }],
        outputs: [stageValue(0, "float32")],
      }),
      contraction: { stage: 0, a: 0, b: 1, batch: [], m: [0, 1], n: [2], k: [3] },
    };
    expect(coalesced(tall, [a, b, out]).kernel.contraction).toEqual(matmul.contraction);
  });

  test("an operand that is read in part does not give the extent", () => {
    // sum over k, l < b of a[k, l] b[k, l], where a has more rows than b
    const at = [coord(0), coord(1)];
    const product = call("mul", load(0, "float32", at), load(1, "float32", at));
    const kernel = makeKernel({
      outer: 0,
      inputs: [spec(2), spec(2)],
      inner: [0, 1].map((dim) => ({ operand: 1, dim })),
      stages: [{ axes: [0, 1], reduce: "sum", value: product, dtype: "float32" }],
      outputs: [stageValue(0, "float32")],
    });
    const { kernel: flat, layouts } = coalesced(kernel, [
      layout([4, 3]),
      layout([2, 3]),
      layout([]),
    ]);
    expect(extentsOf(flat, layouts)).toEqual([2, 3]);
  });

  test("an extent taken from a dimension that disappears is found in another operand", () => {
    const a = load(0, "float32", [coord(0), coord(1), coord(3)]);
    const b = load(1, "float32", [coord(0), coord(3), coord(2)]);
    const kernel: Kernel = {
      ...makeKernel({
        outer: 3,
        inputs: [spec(3), spec(3)],
        inner: [{ operand: 2, dim: 0 }],
        stages: [{ axes: [3], reduce: "sum", value: call("mul", a, b), dtype: "float32" }],
        outputs: [stageValue(0, "float32")],
      }),
      contraction: { stage: 0, a: 0, b: 1, batch: [0], m: [1], n: [2], k: [3] },
    };
    const layouts = [layout([1, 3, 1]), layout([1, 1, 5]), layout([1, 3, 5])];
    expect(coalesced(kernel, layouts).kernel.axes[2]).toEqual({ operand: 0, dim: 1 });
  });

  test("a batch of matrices times one matrix is one tall matrix product", () => {
    const a = load(0, "float32", [coord(0), coord(1), coord(3)]);
    const b = load(1, "float32", [coord(0), coord(3), coord(2)]);
    const batched: Kernel = {
      ...makeKernel({
        outer: 3,
        inputs: [spec(3), spec(3)],
        inner: [{ operand: 0, dim: 2 }],
        stages: [{ axes: [3], reduce: "sum", value: call("mul", a, b), dtype: "float32" }],
        outputs: [stageValue(0, "float32")],
      }),
      contraction: { stage: 0, a: 0, b: 1, batch: [0], m: [1], n: [2], k: [3] },
    };
    const shared = layout([2, 4, 5], [0, 5, 1]);
    const { kernel, layouts } = coalesced(batched, [layout([2, 3, 4]), shared, layout([2, 3, 5])]);
    expect(kernel.contraction).toEqual(matmul.contraction);
    expect(layouts).toEqual([layout([6, 4]), layout([4, 5]), layout([6, 5])]);
  });

  test("a 1 × 1 convolution is a matrix product over all pixels", () => {
    // out[o, y, x] = sum over c, i, j of image[c, y + i, x + j] weight[o, c, i, j]
    const image = load(0, "float32", [
      coord(3),
      call("add", coord(1), coord(4)),
      call("add", coord(2), coord(5)),
    ]);
    const weight = load(1, "float32", [coord(0), ...coords(3, 3)]);
    const conv = makeKernel({
      outer: 3,
      inputs: [spec(3), spec(4)],
      inner: [1, 2, 3].map((dim) => ({ operand: 1, dim })),
      stages: [
        { axes: [3, 4, 5], reduce: "sum", value: call("mul", image, weight), dtype: "float32" },
      ],
      outputs: [stageValue(0, "float32")],
    });
    const layouts = [layout([3, 4, 5]), layout([7, 3, 1, 1]), layout([7, 4, 5])];
    const { kernel, layouts: flat } = coalesced(conv, layouts);
    expect(flat).toEqual([layout([3, 20]), layout([7, 3]), layout([7, 20])]);
    expect(kernel.contraction).toEqual({ stage: 0, a: 0, b: 1, batch: [], m: [1], n: [0], k: [2] });
  });
});

test("kernels of other sizes that merge alike have one key", () => {
  const key = (kernel: Kernel, ...layouts: Layout[]): string =>
    kernelKey(coalesced(kernel, layouts).kernel);
  const [a, b] = [layout([4, 5]), layout([70, 3])];
  expect(key(mulAdd(2), a, a, a)).toBe(key(mulAdd(2), b, b, b));
  expect(key(mulAdd(2), a, a, a)).toBe(key(mulAdd(1), layout([9]), layout([9]), layout([9])));
  expect(key(softmax, a, a)).toBe(key(softmax, b, b));
  expect(key(reduceRows("sum"), a, layout([4]))).toBe(key(reduceRows("sum"), b, layout([70])));
});

// Random layouts: each dimension may be repeated, reversed, or spaced out, in any order in memory.
interface View {
  readonly order: readonly number[];
  readonly repeat: readonly boolean[];
  readonly reverse: readonly boolean[];
  readonly gap: readonly boolean[];
}
const four = (weight: number): fc.Arbitrary<boolean[]> =>
  fc.array(
    fc.nat(weight).map((n) => n === 0),
    { minLength: 4, maxLength: 4 },
  );
const view: fc.Arbitrary<View> = fc.record({
  order: fc.oneof(
    fc.constant([0, 1, 2, 3]),
    fc.shuffledSubarray([0, 1, 2, 3], { minLength: 4, maxLength: 4 }),
  ),
  repeat: four(3),
  reverse: four(4),
  gap: four(6),
});
const shapes = fc.array(fc.constantFrom(1, 2, 3, 1, 2, 3, 0), { minLength: 4, maxLength: 4 });

/** An operand of `shape` filled with small numbers; an output repeats nothing. */
function viewOf(shape: readonly number[], view: View, isOutput: boolean): HostOperand {
  const strides = shape.map(() => 0);
  let step = 1;
  let offset = 0;
  for (const d of [...view.order].reverse()) {
    const n = shape[d];
    if (n === undefined || (view.repeat[d] === true && !isOutput)) continue;
    if (view.gap[d] === true) step += 1;
    strides[d] = view.reverse[d] === true ? -step : step;
    if (view.reverse[d] === true) offset += step * Math.max(0, n - 1);
    step *= Math.max(1, n);
  }
  const data = newArray("float32", step + 3);
  for (let i = 0; i < data.length; i++) data[i] = isOutput ? -99 : ((i * 7) % 11) - 5;
  return { data, layout: layout(shape, strides), offset };
}

/** Kernel families with the shapes of their operands, the output last, for a shape of rank 4. */
const families: Readonly<Record<string, (shape: number[]) => [Kernel, ...number[][]]>> = {
  elementwise: (s) => [mulAdd(4), s, s, s],
  "read transposed": (s) => {
    const x = load(0, "float32", [coord(1), coord(0), coord(2), coord(3)]);
    const [a = 0, b = 0, c = 0, d = 0] = s;
    return [makeKernel({ outer: 4, inputs: [spec(4)], outputs: [x] }), [b, a, c, d], s];
  },
  "softmax over the last two axes": (s) => {
    const x = (first: number) => load(0, "float32", [coord(0), coord(1), ...coords(2, first)]);
    const shifted = (first: number) => call("exp", call("sub", x(first), stageValue(0, "float32")));
    const kernel = makeKernel({
      outer: 4,
      inputs: [spec(4)],
      inner: [2, 3, 2, 3].map((dim) => ({ operand: 0, dim })),
      stages: [
        { axes: [4, 5], reduce: "max", value: x(4), dtype: "float32" },
        { axes: [6, 7], reduce: "sum", value: shifted(6), dtype: "float32" },
      ],
      outputs: [call("div", shifted(2), stageValue(1, "float32"))],
    });
    return [kernel, s, s];
  },
  "argmax over the middle axes": (s) => {
    const [a = 0, b = 0, c = 0, d = 0] = s;
    const x = load(0, "float32", [coord(0), coord(2), coord(3), coord(1)]);
    const kernel = makeKernel({
      outer: 2,
      inputs: [spec(4)],
      inner: [
        { operand: 0, dim: 1 },
        { operand: 0, dim: 2 },
      ],
      stages: [{ axes: [2, 3], reduce: "argmax", value: x, dtype: "int32" }],
      outputs: [stageValue(0, "int32")],
    });
    return [kernel, [a, b, c, d], [a, d]];
  },
  "batched matmul": ([b = 0, m = 0, k = 0, n = 0]) => {
    const x = load(0, "float32", [coord(0), coord(1), coord(3)]);
    const y = load(1, "float32", [coord(0), coord(3), coord(2)]);
    const kernel = makeKernel({
      outer: 3,
      inputs: [spec(3), spec(3)],
      inner: [{ operand: 1, dim: 1 }],
      stages: [{ axes: [3], reduce: "sum", value: call("mul", x, y), dtype: "float32" }],
      outputs: [stageValue(0, "float32")],
    });
    const contraction = { stage: 0, a: 0, b: 1, batch: [0], m: [1], n: [2], k: [3] };
    return [{ ...kernel, contraction }, [b, m, k], [b, k, n], [b, m, n]];
  },
  "padded in front": ([a = 0, ...rest]) => {
    const index = [call("sub", coord(0), 1), ...coords(3, 1)];
    const value = guardedLoad(0, "float32", index, call("ge", coord(0), 1), load(1, "float32", []));
    const kernel = makeKernel({ outer: 4, inputs: [spec(4), spec(0)], outputs: [value] });
    return [kernel, [a, ...rest], [], [a + 1, ...rest]];
  },
  "a first axis used twice": ([a = 0, b = 0]) => {
    const x = load(0, "float32", [coord(0), coord(1), coord(0)]);
    return [makeKernel({ outer: 2, inputs: [spec(3)], outputs: [x] }), [a, b, a], [a, b]];
  },
  "a second axis used twice": ([a = 0, b = 0]) => {
    const x = load(0, "float32", [coord(0), coord(1), coord(1)]);
    return [makeKernel({ outer: 2, inputs: [spec(3)], outputs: [x] }), [a, b, b], [a, b]];
  },
  "a sum that counts": (s) => {
    const [a = 0, b = 0] = s;
    const kernel = makeKernel({
      outer: 2,
      inputs: [spec(4)],
      inner: [2, 3].map((dim) => ({ operand: 0, dim })),
      stages: [{ axes: [2, 3], reduce: "sum", value: constant(1), dtype: "float32" }],
      outputs: [stageValue(0, "float32")],
    });
    return [kernel, s, [a, b]];
  },
  "a sum of coordinates": (s) => {
    const kernel = makeKernel({
      outer: 4,
      inputs: [spec(4)],
      inner: [{ operand: 0, dim: 1 }],
      stages: [{ axes: [4], reduce: "sum", value: cast(coord(4), "float32"), dtype: "float32" }],
      outputs: [call("sub", load(0, "float32", coords(4)), stageValue(0, "float32"))],
    });
    return [kernel, s, s];
  },
  "a pair that only the last operand forbids": ([a = 0, b = 0]) => {
    const product = call(
      "mul",
      load(0, "float32", coords(2, 2)),
      load(1, "float32", [coord(3), coord(2)]),
    );
    const kernel = makeKernel({
      outer: 2,
      inputs: [spec(2), spec(2)],
      inner: [0, 1].map((dim) => ({ operand: 0, dim })),
      stages: [{ axes: [2, 3], reduce: "sum", value: product, dtype: "float32" }],
      outputs: [call("add", load(0, "float32", coords(2)), stageValue(0, "float32"))],
    });
    return [kernel, [a, b], [b, a], [a, b]];
  },
  "extent taken from the output": (s) => {
    const x = load(0, "float32", [coord(0), coord(4), coord(2), coord(3)]);
    const kernel = makeKernel({
      outer: 4,
      inputs: [spec(4)],
      inner: [{ operand: 1, dim: 1 }],
      stages: [{ axes: [4], reduce: "sum", value: x, dtype: "float32" }],
      outputs: [call("sub", load(0, "float32", coords(4)), stageValue(0, "float32"))],
    });
    return [kernel, s, s];
  },
};

describe("coalescing changes no result", () => {
  for (const [name, family] of Object.entries(families))
    test(name, () => {
      fc.assert(
        fc.property(shapes, fc.array(view, { minLength: 3, maxLength: 3 }), (shape, views) => {
          const [symbolic, ...operandShapes] = family(shape);
          const count = symbolic.inputs.length;
          const operands = operandShapes.map((s, o) => viewOf(s, views[o] ?? fail(), o >= count));
          const layouts = operands.map((operand) => operand.layout);
          const kernel = withLayouts(symbolic, layouts);
          checkKernel(kernel);
          const whole = operands.map(copyOf);
          interpretKernel(kernel, whole.slice(0, count), [], whole.slice(count));

          const flat = coalesced(kernel, layouts);
          const parts = operands.map(copyOf).map((operand, o) => ({
            ...operand,
            layout: flat.layouts[o] ?? operand.layout,
          }));
          interpretKernel(flat.kernel, parts.slice(0, count), [], parts.slice(count));
          for (const [o, { data }] of whole.entries())
            expect(sameBits(parts[o]?.data ?? [], data)).toBe(true);
          expect(flat.kernel.outer).toBeLessThanOrEqual(kernel.outer);
        }),
        { numRuns: 200 },
      );
    });
});

test("the random views cover broadcasts, reversals and empty shapes", () => {
  const seen = fc.sample(fc.tuple(shapes, view), 500).map(([s, v]) => viewOf(s, v, false).layout);
  expect(seen.some((l) => sizeOf(l.shape) === 0)).toBe(true);
  expect(seen.some((l) => l.strides.some((stride) => stride < 0))).toBe(true);
  expect(seen.some((l) => l.size > 1 && l.strides.includes(0))).toBe(true);
  expect(seen.some((l) => l.contiguous && l.size > 4)).toBe(true);
});

function fail(): never {
  throw new Error("a view for every operand");
}
