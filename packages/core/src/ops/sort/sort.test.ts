import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { argsort, searchsorted, setBackend, sort, tensor, topk } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** Few distinct numbers, so that many are equal. */
const numbers = fc.array(
  fc.constantFrom(-Infinity, -1.5, -0, 0, 0.25, 3, Number.POSITIVE_INFINITY, Number.NaN),
  { maxLength: 12 },
);

/** NumPy's order of floats, NaN last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a < b ? -1 : Number(a > b);
}

describe("sorting", () => {
  it("gives the order that a stable sort of JavaScript gives", () => {
    fc.assert(
      fc.property(numbers, fc.boolean(), (data, descending) => {
        const sign = descending ? -1 : 1;
        const order = [...data.keys()].sort((i, j) => sign * compare(data[i] ?? 0, data[j] ?? 0));
        const x = tensor(data);
        expect([...argsort(x, { descending }).dataSync()]).toEqual(order);
        expect([...sort(x, { descending }).dataSync()]).toEqual(order.map((i) => data[i]));
        const k = Math.min(3, data.length);
        const { indices } = topk(x, k, { largest: descending });
        expect([...indices.dataSync()]).toEqual(order.slice(0, k));
      }),
    );
  });

  it("agrees with a search in the sorted line", () => {
    fc.assert(
      fc.property(numbers, numbers, (data, values) => {
        const sorted = data.toSorted(compare);
        const before = (keep: (order: number) => boolean) => (value: number) =>
          sorted.filter((element) => keep(compare(element, value))).length;
        const search = (side: "left" | "right"): number[] => [
          ...searchsorted(tensor(sorted), tensor(values), { side }).dataSync(),
        ];
        expect(search("left")).toEqual(values.map(before((order) => order < 0)));
        expect(search("right")).toEqual(values.map(before((order) => order <= 0)));
      }),
    );
  });

  it("says what it takes", () => {
    const x = tensor([1, 2, 3]);
    expect(messageOf(() => topk(x, 4))).toBe(
      "[topk] k must count elements of the axis: expected a whole number from 0 to 3, got 4 at axis 0 of shape [3].",
    );
    expect(messageOf(() => searchsorted(x, x, { side: "up" as "left" }))).toBe(
      '[searchsorted] side must be one of its values: expected "left" or "right", got "up".',
    );
    expect(messageOf(() => searchsorted(tensor([[1]]), x))).toBe(
      "[searchsorted] each line of values needs a sorted line: expected one sorted line, or equal extents on all but the last axis, got sorted [1, 1] and values [3].",
    );
  });

  it("keeps the gradient of topk when its indices are disposed", () => {
    const x = tensor([1, 3, 2], { requiresGrad: true });
    const { values, indices } = topk(x, 2);
    indices.dispose();
    values
      .mul(tensor([10, 20]))
      .sum()
      .backward();
    expect(x.grad?.arraySync()).toEqual([0, 10, 20]);
  });
});
