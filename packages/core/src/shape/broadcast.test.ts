import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, setBackend, tensor, where, zeros } from "../index.js";
import { interpreter } from "../interpreter.js";
import { build, counting, elementAt, messageOf, shapes } from "../testing.js";
import { broadcastShapes, sameShape, stretchedAxes } from "./broadcast.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** Two shapes that broadcast to `whole`: each drops leading axes and sets others to 1. */
const fitting = shapes(4, 1).chain((whole) => {
  const part = fc
    .tuple(fc.nat(whole.length), fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }))
    .map(([dropped, ones]) => whole.map((n, i) => (ones[i] ? 1 : n)).slice(dropped));
  return fc.tuple(part, part);
});

/** The extent of the result along an axis, by the rule itself. */
function extentOf(a: readonly number[], b: readonly number[], fromEnd: number): number {
  return Math.max(a.at(-fromEnd) ?? 1, b.at(-fromEnd) ?? 1);
}

describe("broadcasting", () => {
  it("aligns last axes; missing axes and axes of extent 1 repeat", () => {
    fc.assert(
      fc.property(fitting, ([a, b]) => {
        const ndim = Math.max(a.length, b.length);
        const shape = Array.from({ length: ndim }, (_, i) => extentOf(a, b, ndim - i));
        expect(broadcastShapes("test", [a, b])).toEqual(shape);
        const [x, y] = [counting(a), counting(b)];
        const wanted = build(shape, (index) => {
          const pick = (own: readonly number[]): number[] =>
            index.slice(ndim - own.length).map((i, axis) => (own[axis] === 1 ? 0 : i));
          return elementAt(x, pick(a)) - 100 * elementAt(y, pick(b));
        });
        expect(tensor(x).sub(tensor(y).mul(100)).arraySync()).toEqual(wanted);
      }),
      { numRuns: 200 },
    );
  });

  it("is undone for gradients: each operand counts how often it was used", () => {
    fc.assert(
      fc.property(fitting, ([a, b]) => {
        const x = zeros(a, { requiresGrad: true });
        const y = zeros(b, { requiresGrad: true });
        const sum = x.add(y);
        sum.sum().backward();
        for (const operand of [x, y]) {
          expect(operand.grad?.shape).toEqual(operand.shape);
          const uses = sum.size / operand.size;
          expect(new Set(operand.grad?.dataSync())).toEqual(new Set([uses]));
        }
      }),
    );
  });

  it("keeps empty axes and lets 1 shrink to them", () => {
    expect(broadcastShapes("test", [[0], [1]])).toEqual([0]);
    expect(broadcastShapes("test", [[2, 0], [1]])).toEqual([2, 0]);
    expect(() => broadcastShapes("test", [[0], [2]])).toThrow(ShapeError);
    expect(zeros([2, 0]).add(zeros([1])).shape).toEqual([2, 0]);
  });

  it("of three operands takes the largest of each axis", () => {
    const result = where(tensor([[true], [false]]), tensor([1, 2, 3]), tensor([[[7]]]));
    expect(result.arraySync()).toEqual([
      [
        [1, 2, 3],
        [7, 7, 7],
      ],
    ]);
  });

  it("refuses extents that differ", () => {
    expect(messageOf(() => zeros([2, 3]).add(zeros([2])))).toBe(
      "[add] shapes must broadcast: expected each pair of trailing extents to be equal or one of them 1, got [2, 3] and [2]. Reshape or expandDims one side so that the axes line up.",
    );
    expect(messageOf(() => zeros([2]).broadcastTo([3]))).toContain("[broadcastTo]");
    // broadcastTo stretches one side only
    expect(() => zeros([2, 3]).broadcastTo([1, 3])).toThrow(ShapeError);
    expect(() => zeros([2, 3]).broadcastTo([3])).toThrow(ShapeError);
    expect(() => zeros([1]).broadcastTo([-1])).toThrow(ShapeError);
  });

  it("knows the axes that were stretched", () => {
    expect(stretchedAxes([3], [2, 3])).toEqual([0]);
    expect(stretchedAxes([1, 3], [2, 3])).toEqual([0]);
    expect(stretchedAxes([1, 3], [1, 3])).toEqual([]);
    expect(stretchedAxes([], [2, 2])).toEqual([0, 1]);
    expect([sameShape([1, 2], [1, 2]), sameShape([1], [1, 1]), sameShape([], [])]).toEqual([
      true,
      false,
      true,
    ]);
  });
});

describe("matmul", () => {
  it("combines ranks as PyTorch does", () => {
    const shapesOf: [number[], number[], number[]][] = [
      [[3], [3], []],
      [[2, 3], [3], [2]],
      [[3], [3, 4], [4]],
      [
        [2, 3],
        [3, 4],
        [2, 4],
      ],
      [[5, 2, 3], [3], [5, 2]],
      [[3], [5, 3, 4], [5, 4]],
      [
        [5, 2, 3],
        [3, 4],
        [5, 2, 4],
      ],
      [
        [6, 1, 2, 3],
        [5, 3, 4],
        [6, 5, 2, 4],
      ],
      [
        [2, 0],
        [0, 4],
        [2, 4],
      ],
    ];
    for (const [a, b, shape] of shapesOf) expect(zeros(a).matmul(zeros(b)).shape).toEqual(shape);
  });

  it("names the extents that disagree and which side to transpose", () => {
    expect(messageOf(() => zeros([2, 3]).matmul(zeros([4, 5])))).toBe(
      "[matmul] inner extents must agree: expected a.shape[-1] (3) to equal b.shape[-2] (4), got a [2, 3] and b [4, 5]. Transpose one side, e.g. b.mT, or check the layer sizes.",
    );
    expect(messageOf(() => zeros([2, 3]).matmul(zeros([4, 3])))).toMatch(/Transpose b: b\.mT\.$/);
    expect(messageOf(() => tensor(1).matmul(zeros([2])))).toContain("operands must have axes");
    expect(() => zeros([2, 2, 3]).matmul(zeros([3, 3, 4]))).toThrow(ShapeError);
  });
});
