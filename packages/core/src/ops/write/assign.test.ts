import { beforeAll, describe, expect, it } from "vitest";
import {
  assign,
  BackendError,
  DisposedError,
  DTypeError,
  GradientError,
  noGrad,
  ShapeError,
  setBackend,
  tensor,
  ValueError,
  zeros,
} from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("assign", () => {
  it("overwrites the target, returns it and counts the write", () => {
    const w = tensor([1, 2]);
    expect(w.version).toBe(0);
    expect(assign(w, tensor([3, 4]))).toBe(w);
    expect(w.arraySync()).toEqual([3, 4]);
    expect(w.version).toBe(1);
    assign(w, w.add(1));
    expect([w.version, w.arraySync()]).toEqual([2, [4, 5]]);
  });

  it("is seen by every view, made before or after", () => {
    const w = tensor([
      [1, 2],
      [3, 4],
    ]);
    const [column, flipped, detached] = [w.at(":", 1), w.flip(), w.detach()];
    assign(
      w,
      tensor([
        [5, 6],
        [7, 8],
      ]),
    );
    expect(column.arraySync()).toEqual([6, 8]);
    expect(flipped.arraySync()).toEqual([
      [8, 7],
      [6, 5],
    ]);
    expect([detached.version, w.T.at(0).arraySync()]).toEqual([1, [5, 7]]);
    assign(detached, zeros([2, 2]));
    expect(column.arraySync()).toEqual([0, 0]);
  });

  it("through a whole view, such as a reshape, reaches the base", () => {
    const w = tensor([1, 2, 3, 4]);
    assign(
      w.reshape([2, 2]),
      tensor([
        [5, 6],
        [7, 8],
      ]),
    );
    expect(w.arraySync()).toEqual([5, 6, 7, 8]);
  });

  it("leaves copies and earlier results alone", () => {
    const w = tensor([1, 2]);
    const [copy, sum] = [w.copy(), w.add(1)];
    assign(w, tensor([8, 9]));
    expect([copy.arraySync(), sum.arraySync()]).toEqual([
      [1, 2],
      [2, 3],
    ]);
  });

  it("to the value later does not change the target", () => {
    const [target, value] = [zeros([2]), tensor([1, 2])];
    assign(target, value);
    assign(value, tensor([8, 9]));
    expect([target.arraySync(), value.arraySync()]).toEqual([
      [1, 2],
      [8, 9],
    ]);
  });

  it("to the target later does not change the value, nor other targets of it", () => {
    const [a, b, value] = [zeros([2]), zeros([2]), tensor([1, 2])];
    assign(a, value);
    assign(b, value);
    assign(a, tensor([8, 9]));
    expect([a, b, value].map((x) => x.arraySync())).toEqual([
      [8, 9],
      [1, 2],
      [1, 2],
    ]);
    value.dispose();
    expect(b.arraySync()).toEqual([1, 2]);
  });

  it("takes views as values: parts, other orders, repeated elements", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(assign(zeros([2]), x.at(1)).arraySync()).toEqual([3, 4]);
    expect(assign(zeros([2, 2]), x.T).arraySync()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(assign(zeros([2]), tensor(7).broadcastTo([2])).arraySync()).toEqual([7, 7]);
    // also views of the target itself
    assign(x, x.T);
    expect(x.arraySync()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    assign(x, x);
    expect(x.arraySync()).toEqual([
      [1, 3],
      [2, 4],
    ]);
  });

  it("is not recorded", () => {
    const w = tensor([1], { requiresGrad: true });
    assign(w, tensor([2], { requiresGrad: true }).mul(3));
    expect([w.isLeaf, w.requiresGrad]).toEqual([true, true]);
    w.mul(1).sum().backward();
    expect(w.grad?.arraySync()).toEqual([1]);
  });

  it("refuses a part, or another order, of a storage", () => {
    const x = zeros([2, 3]);
    expect(messageOf(() => assign(x.at(0), zeros([3])))).toBe(
      "[assign] the target must be a whole storage: expected a tensor that is not a view of a part or in another order, got a view of shape [3]. Assign to the tensor that the view was taken of.",
    );
    expect(() => assign(x.T, zeros([3, 2]))).toThrow(ShapeError);
    expect(() => assign(x.flip(), x)).toThrow(ShapeError);
    expect(() => assign(zeros([1]).broadcastTo([2]), zeros([2]))).toThrow(ShapeError);
  });

  it("refuses another shape, dtype or backend", () => {
    expect(messageOf(() => assign(zeros([2]), zeros([2, 1])))).toBe(
      "[assign] shapes must be equal: expected [2], got [2, 1].",
    );
    expect(() => assign(zeros([2]), zeros([]))).toThrow(ShapeError);
    expect(messageOf(() => assign(zeros([2]), zeros([2], { dtype: "int32" })))).toBe(
      "[assign] dtypes must be equal: expected float32, got int32. Convert the value with astype.",
    );
    expect(() => assign(zeros([1]), zeros([1], { dtype: "float64" }))).toThrow(DTypeError);
    expect(messageOf(() => assign(zeros([1]), zeros([1], { backend: interpreter() })))).toBe(
      '[assign] all operands must be on one backend: expected every operand on "interpreter", got one on "interpreter" and one on "interpreter" (two instances). Move one side with await x.to(backend).',
    );
    expect(() => assign(zeros([1]), zeros([1], { backend: interpreter() }))).toThrow(BackendError);
    expect(() => assign(zeros([1]), 3 as never)).toThrow(ValueError);
  });

  it("refuses recorded results, except inside noGrad", () => {
    const y = tensor([1], { requiresGrad: true }).mul(2);
    expect(messageOf(() => assign(y, zeros([1])))).toBe(
      "[assign] only tensors that were not computed can be overwritten: expected a leaf, such as a parameter, got the result of mul. Assign inside noGrad, or to a detached tensor.",
    );
    expect(() => assign(y, zeros([1]))).toThrow(GradientError);
    expect(noGrad(() => assign(y, zeros([1]))).arraySync()).toEqual([0]);
  });

  it("refuses disposed tensors", () => {
    const [w, v] = [zeros([1]), zeros([1])];
    v.dispose();
    expect(() => assign(w, v)).toThrow(DisposedError);
    expect(() => assign(v, w)).toThrow(DisposedError);
  });

  it("does not count a refused write", () => {
    const w = zeros([2]);
    expect(() => assign(w, zeros([3]))).toThrow(ShapeError);
    expect(w.version).toBe(0);
  });
});
