import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import {
  AxisError,
  IndexError,
  type IndexItem,
  setBackend,
  type Tensor,
  tensor,
  zeros,
} from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { counting, messageOf, type Numbers, shapes } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

interface Range {
  readonly start?: number | undefined;
  readonly stop?: number | undefined;
  readonly step?: number | undefined;
}

/** Python's slice of a list, by its definition: walk from the start until the stop is reached. */
function sliceOf<T>(list: readonly T[], { start, stop, step = 1 }: Range): T[] {
  const n = list.length;
  const cut = (value: number, low: number, high: number): number =>
    Math.max(low, Math.min(high, value < 0 ? value + n : value));
  const [low, high] = step > 0 ? [0, n] : [-1, n - 1];
  const first = start === undefined ? (step > 0 ? 0 : n - 1) : cut(start, low, high);
  const last = stop === undefined ? (step > 0 ? n : -1) : cut(stop, low, high);
  const out: T[] = [];
  for (let i = first; step > 0 ? i < last : i > last; i += step) out.push(list[i] as T);
  return out;
}

type Item = number | null | "..." | Range;

/** NumPy's basic indexing of a nested list of `axes` axes. */
function index(list: Numbers, items: readonly Item[], axes: number): Numbers {
  const [item, ...rest] = items;
  if (item === undefined) return list;
  if (item === null) return [index(list, rest, axes)];
  if (item === "...") {
    const named = rest.filter((each) => each !== null).length;
    return axes > named ? each(list, axes, items) : index(list, rest, axes);
  }
  if (typeof item === "number") {
    const row = (list as readonly Numbers[]).at(item) as Numbers;
    return index(row, rest, axes - 1);
  }
  return each(sliceOf(list as readonly Numbers[], item), axes, rest);
}

function each(list: Numbers, axes: number, items: readonly Item[]): Numbers {
  return (list as readonly Numbers[]).map((row) => index(row, items, axes - 1));
}

const bound = fc.option(fc.integer({ min: -6, max: 6 }), { nil: undefined });
const range: fc.Arbitrary<Range> = fc.record({
  start: bound,
  stop: bound,
  step: fc.option(
    fc.integer({ min: -3, max: 3 }).filter((n) => n !== 0),
    { nil: undefined },
  ),
});

/** A shape and items that are valid for it. */
const indexed = shapes(3, 1).chain((shape) =>
  fc.tuple(
    fc.constant(shape),
    fc.tuple(...shape.map((n) => fc.oneof(fc.integer({ min: -n, max: n - 1 }), range))),
    fc.array(fc.nat(6), { maxLength: 2 }),
    fc.option(fc.tuple(fc.nat(6), fc.nat(3)), { nil: undefined }),
  ),
);

describe("at", () => {
  it("is NumPy's indexing of the nested list: positions, slices, null, ellipsis", () => {
    fc.assert(
      fc.property(indexed, ([shape, perAxis, newAxes, ellipsis]) => {
        const items: Item[] = [...perAxis];
        // An ellipsis takes the place of some of the items.
        if (ellipsis !== undefined) items.splice(ellipsis[0] % items.length, ellipsis[1], "...");
        for (const place of newAxes) items.splice(place % (items.length + 1), 0, null);
        const list = counting(shape);
        const wanted = index(list, items, shape.length);
        expect(
          tensor(list)
            .at(...(items as IndexItem[]))
            .arraySync(),
        ).toEqual(wanted);
      }),
      { numRuns: 400 },
    );
  });

  it("reads text as it reads objects", () => {
    fc.assert(
      fc.property(range, ({ start, stop, step }) => {
        const x = tensor([10, 11, 12, 13]);
        const text = [start, stop, step].map((part) => part ?? "").join(":");
        const wanted = sliceOf([10, 11, 12, 13], { start, stop, step });
        expect(x.at(text).arraySync()).toEqual(wanted);
        expect(x.at({ start, stop, step }).arraySync()).toEqual(wanted);
      }),
    );
    expect(tensor([1, 2, 3]).at(" 1 : ").arraySync()).toEqual([2, 3]);
    expect(tensor([1, 2, 3]).at("1:2").arraySync()).toEqual([2]);
  });

  it("of a view indexes what the view shows", () => {
    const x = tensor([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7, 8],
    ]);
    expect(x.T.at("::2", -1).arraySync()).toEqual([6, 8]);
    expect(x.at("::-1").at("1:", "::-2").arraySync()).toEqual([
      [5, 3],
      [2, 0],
    ]);
    expect(tensor([1]).broadcastTo([3]).at("1:").arraySync()).toEqual([1, 1]);
  });

  it("copies nothing", () => {
    const x = tensor([
      [0, 1, 2],
      [3, 4, 5],
    ]);
    for (const view of [x.at(1), x.at("...", -1), x.at("::-1", "::2"), x.at(null, 0), x.at()]) {
      expect(view.storage).toBe(x.storage);
    }
    expect([x.at(1).offset, x.at(1).strides]).toEqual([3, [1]]);
    expect([x.at("::-1", "::2").offset, x.at("::-1", "::2").strides]).toEqual([3, [-3, 2]]);
  });

  it("puts the gradient where the elements came from", () => {
    const x = zeros([2, 4], { requiresGrad: true });
    x.at("::-1", { start: 3, step: -2 })
      .mul(
        tensor([
          [1, 2],
          [3, 4],
        ]),
      )
      .sum()
      .backward();
    expect(x.grad?.arraySync()).toEqual([
      [0, 4, 0, 3],
      [0, 2, 0, 1],
    ]);
  });

  it("refuses a position outside its axis", () => {
    const x = zeros([2, 3]);
    expect(messageOf(() => x.at(0, 3))).toBe(
      "[at] a position must lie on its axis: expected an integer from -3 to 2, got 3 at axis 1 of shape [2, 3].",
    );
    for (const odd of [-3, 2, 0.5, Number.NaN]) expect(() => x.at(odd)).toThrow(IndexError);
    expect(messageOf(() => zeros([0]).at(0))).toContain("expected no position, as axis 0 is empty");
  });

  it("refuses too many items and two ellipses", () => {
    expect(messageOf(() => zeros([2]).at(0, ":"))).toBe(
      '[at] at most one item per axis and one ellipsis: expected up to 1 positions and slices, got [0, ":"] for shape [2].',
    );
    expect(() => zeros([2, 2]).at("...", 0, "...")).toThrow(IndexError);
  });

  it.each(["", "1", "a:b", "1:2:3:4", "1.5:", "::0", ":-:"])("refuses the slice %o", (text) => {
    expect(() => zeros([4]).at(text)).toThrow(IndexError);
  });

  it("refuses bounds that are not whole", () => {
    expect(() => zeros([4]).at({ start: 0.5 })).toThrow(IndexError);
    expect(() => zeros([4]).at({ step: 0 })).toThrow(IndexError);
  });
});

describe("at with lists and tensors", () => {
  const x = (): Tensor => tensor(counting([2, 3]) as number[][]);

  it("checks the positions of lists, which are known", () => {
    expect(messageOf(() => x().at(":", [0, 3]))).toBe(
      "[at] a position must lie on its axis: expected an integer from -3 to 2, got 3 at axis 1 of shape [2, 3].",
    );
    for (const odd of [[-3], [0.5], [Number.NaN], ["0" as never], [[0] as never]]) {
      expect(() => x().at(odd)).toThrow(IndexError);
    }
  });

  it("says how to select by a mask", () => {
    expect(messageOf(() => x().at(tensor([true, false])))).toBe(
      "[at] indices must be whole numbers: expected an int32 or uint8 tensor, got bool. Select by a mask with await maskedSelect(x, mask), or choose with where.",
    );
  });

  it("refuses what is neither a list nor a tensor nor a slice", () => {
    for (const odd of [new Int32Array(1), true, () => 0, undefined]) {
      expect(() => x().at(odd as never)).toThrow(IndexError);
    }
    expect(messageOf(() => x().at([0], [0], tensor([0])))).toBe(
      "[at] at most one item per axis and one ellipsis: expected up to 2 positions and slices, got [[0], [0], a Tensor] for shape [2, 3].",
    );
  });

  it("says that each axis has an argument of its own", () => {
    expect(messageOf(() => x().at("..., :6"))).toBe(
      '[at] a slice has whole bounds and a step other than 0: expected "start:stop:step" or { start, stop, step }, each part optional, got "..., :6". Pass one argument per axis: x.at("...", ":6").',
    );
  });

  it("copies, and leaves basic indexing a view", () => {
    const whole = x();
    expect(whole.at([0]).storage).not.toBe(whole.storage);
    expect(whole.at("1:").storage).toBe(whole.storage);
  });
});

describe("axes", () => {
  it("outside the tensor are refused with the range that exists", () => {
    expect(messageOf(() => zeros([2, 3]).sum(2))).toBe(
      "[sum] axis must exist: expected an integer from -2 to 1, got 2 for shape [2, 3]. The last of 2 axes is 1 or -1.",
    );
    expect(messageOf(() => tensor(1).sum(0))).toContain("expected no axis, as the tensor has none");
    expect(messageOf(() => zeros([2, 3]).sum([0, -2]))).toBe(
      "[sum] axes must be distinct: expected each axis at most once, got [0,-2] for shape [2, 3]. Negative axes count from the end.",
    );
    const x = zeros([2, 3]);
    for (const run of [
      () => x.flip(5),
      () => x.transpose(0, 2),
      () => x.permuteDims([0]),
      () => x.permuteDims([0, 0]),
      () => x.expandDims(4),
      () => x.softmax(2),
      () => x.argmax(-3),
      () => tensor([1]).mT,
      () => x.flatten(1, 0),
      () => x.sum(0.5),
    ]) {
      expect(run).toThrow(AxisError);
    }
  });
});
