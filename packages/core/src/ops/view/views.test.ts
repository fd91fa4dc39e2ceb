import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { arange, ShapeError, setBackend, type Tensor, tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import {
  build,
  counting,
  elementAt,
  flatOf,
  messageOf,
  type Numbers,
  nest,
  orders,
  shapes,
} from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** A tensor seen through permutations, steps and flips, and what it shows as a nested list. */
interface Scene {
  readonly x: Tensor;
  readonly shown: Numbers;
}

/** Permutes a nested list of `shape`: axis i of the result is axis order[i]. */
function permuted(list: Numbers, shape: readonly number[], order: readonly number[]): Numbers {
  return build(
    order.map((axis) => shape[axis] ?? 1),
    (place) =>
      elementAt(
        list,
        shape.map((_, axis) => place[order.indexOf(axis)] ?? 0),
      ),
  );
}

const scenes: fc.Arbitrary<Scene> = shapes(4, 1).chain((shape) =>
  fc
    .tuple(orders(shape.length), fc.array(fc.constantFrom(1, 2, -1), { minLength: 4 }))
    .map(([order, steps]) => {
      const list = permuted(counting(shape), shape, order);
      const extents = order.map((axis) => shape[axis] ?? 1);
      const cut = extents.map((n, axis) => Math.ceil(n / Math.abs(steps[axis] ?? 1)));
      const shown = build(cut, (place) =>
        elementAt(
          list,
          place.map((i, axis) => {
            const step = steps[axis] ?? 1;
            return step < 0 ? (extents[axis] ?? 1) - 1 - i : i * step;
          }),
        ),
      );
      const slices = cut.map((_, axis) => ({ step: steps[axis] ?? 1 }));
      return {
        x: tensor(counting(shape))
          .permuteDims(order)
          .at(...slices),
        shown,
      };
    }),
);

/** Shapes with as many elements as `size`. */
function factorings(size: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 4 }).map((wanted) => {
    const shape: number[] = [];
    let rest = size;
    for (const n of wanted) {
      if (rest % n !== 0) continue;
      shape.push(n);
      rest /= n;
    }
    return rest === 1 ? shape : [...shape, rest];
  });
}

describe("reshape", () => {
  it("shows the elements in row-major order, whatever the layout", () => {
    fc.assert(
      fc.property(
        scenes.chain((scene) => fc.tuple(fc.constant(scene), factorings(scene.x.size))),
        ([{ x, shown }, shape]) => {
          const wanted = nest(flatOf(shown), shape);
          const result = x.reshape(shape);
          expect(result.arraySync()).toEqual(wanted);
          // and the gradient comes back in the shape of the operand
          expect(result.reshape(x.shape).arraySync()).toEqual(shown);
        },
      ),
      { numRuns: 400 },
    );
  });

  it("of row-major elements is always a view", () => {
    fc.assert(
      fc.property(
        shapes().chain((shape) => {
          const x = tensor(counting(shape));
          return fc.tuple(fc.constant(x), factorings(x.size));
        }),
        ([x, shape]) => {
          expect(x.reshape(shape).storage).toBe(x.storage);
        },
      ),
    );
  });

  it("of other layouts is a view where the strides allow it, as PyTorch's view", () => {
    const x = arange(24).reshape([2, 3, 4]);
    const views: [Tensor, number[], number[]][] = [
      [x.permuteDims([2, 0, 1]), [4, 6], [1, 4]],
      [x.permuteDims([0, 2, 1]), [2, 2, 2, 3], [12, 2, 1, 4]],
      [x.at(":", ":", "::2"), [6, 2], [4, 2]],
      [x.flip(0), [2, 12], [-12, 1]],
      [arange(3).broadcastTo([2, 2, 3]), [4, 3], [0, 1]],
    ];
    for (const [view, shape, strides] of views) {
      const result = view.reshape(shape);
      expect(result.storage).toBe(x.storage === view.storage ? x.storage : view.storage);
      expect(result.strides).toEqual(strides);
      expect(result.arraySync()).toEqual(nest(flatOf(view.arraySync() as Numbers), shape));
    }
  });

  it("copies where they do not", () => {
    const x = arange(6).reshape([2, 3]);
    expect(x.T.reshape([6]).storage).not.toBe(x.storage);
    expect(x.T.reshape([6]).arraySync()).toEqual([0, 3, 1, 4, 2, 5]);
    expect(x.at(":", ":2").reshape([4]).storage).not.toBe(x.storage);
  });

  it("finds the extent that is -1", () => {
    expect(zeros([2, 3, 4]).reshape([4, -1]).shape).toEqual([4, 6]);
    expect(zeros([2, 3]).reshape([-1]).shape).toEqual([6]);
    expect(zeros([1]).reshape([]).shape).toEqual([]);
    expect(zeros([0, 3]).reshape([3, 0]).shape).toEqual([3, 0]);
    expect(zeros([0, 3]).reshape([-1, 3]).shape).toEqual([0, 3]);
  });

  it("refuses another number of elements", () => {
    expect(messageOf(() => zeros([2, 3]).reshape([4, 2]))).toBe(
      "[reshape] the number of elements must stay the same: expected extents whose product is 6, at most one of them -1, got [4, 2] for a tensor of shape [2, 3].",
    );
    for (const shape of [[4, -1], [-1, -1], [-2, -3], [1.5, 4], [-1, 0], []]) {
      expect(() => zeros([2, 3]).reshape(shape), `${shape}`).toThrow(ShapeError);
    }
  });
});

describe("views", () => {
  it("show what the nested list shows after permuting, stepping and flipping", () => {
    fc.assert(
      fc.property(scenes, ({ x, shown }) => {
        expect(x.arraySync()).toEqual(shown);
        expect(x.copy().arraySync()).toEqual(shown);
        expect(Array.from(x.dataSync())).toEqual(flatOf(shown));
      }),
    );
  });

  it("compute as their copies do", () => {
    fc.assert(
      fc.property(scenes, ({ x }) => {
        const dense = x.copy();
        expect(x.mul(2).add(x).arraySync()).toEqual(dense.mul(3).arraySync());
        expect(x.sum(-1).arraySync()).toEqual(dense.sum(-1).arraySync());
        expect(x.max(0).arraySync()).toEqual(dense.max(0).arraySync());
      }),
    );
  });

  it("share the storage and move nothing", () => {
    const x = arange(24).reshape([2, 3, 4]);
    const views: [Tensor, readonly number[], readonly number[], number][] = [
      [x.T, [4, 3, 2], [1, 4, 12], 0],
      [x.mT, [2, 4, 3], [12, 1, 4], 0],
      [x.transpose(0, 2), [4, 3, 2], [1, 4, 12], 0],
      [x.permuteDims([1, 0, 2]), [3, 2, 4], [4, 12, 1], 0],
      [x.flip(), [2, 3, 4], [-12, -4, -1], 23],
      [x.flip([0, -1]), [2, 3, 4], [-12, 4, -1], 15],
      [x.flatten(1), [2, 12], [12, 1], 0],
      [x.at(1, "...", "::2"), [3, 2], [4, 2], 12],
      [x.expandDims(1).squeeze(), [2, 3, 4], [12, 4, 1], 0],
      [x.at(":", 0).expandDims(1).broadcastTo([2, 5, 4]), [2, 5, 4], [12, 0, 1], 0],
      [x.detach(), [2, 3, 4], [12, 4, 1], 0],
    ];
    for (const [view, shape, strides, offset] of views) {
      expect(view.storage).toBe(x.storage);
      expect([view.shape, view.strides, view.offset]).toEqual([shape, strides, offset]);
    }
  });

  it("contiguous returns row-major tensors as they are and copies others", () => {
    const x = arange(6).reshape([2, 3]);
    expect(x.contiguous()).toBe(x);
    expect(x.at(1).contiguous().storage).toBe(x.storage);
    expect(x.T.contiguous().strides).toEqual([2, 1]);
    expect(x.T.contiguous().storage).not.toBe(x.storage);
    expect(x.copy().storage).not.toBe(x.storage);
  });

  it("squeeze and expandDims undo each other and name what does not fit", () => {
    expect(zeros([1, 3, 1]).squeeze().shape).toEqual([3]);
    expect(zeros([1, 3, 1]).squeeze(-1).shape).toEqual([1, 3]);
    expect(zeros([1, 3, 1]).squeeze([0, 2]).shape).toEqual([3]);
    expect(zeros([3]).expandDims(-1).shape).toEqual([3, 1]);
    expect(messageOf(() => zeros([1, 3]).squeeze(1))).toBe(
      "[squeeze] only axes of extent 1 can be dropped: expected extent 1 at axis 1, got shape [1, 3].",
    );
  });
});
