import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import {
  arange,
  bernoulli,
  DTypeError,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  ShapeError,
  setBackend,
  tensor,
  ValueError,
  zeros,
  zerosLike,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("tensor from nested arrays", () => {
  it("has one axis per level", () => {
    const x = tensor([[[1, 2, 3]], [[4, 5, 6]]]);
    expect(x.shape).toEqual([2, 1, 3]);
    expect(x.strides).toEqual([3, 3, 1]);
    expect(x.arraySync()).toEqual([[[1, 2, 3]], [[4, 5, 6]]]);
  });

  it("of a number has no axes", () => {
    const x = tensor(7);
    expect([x.shape, x.ndim, x.size, x.itemSync()]).toEqual([[], 0, 1, 7]);
  });

  it("keeps empty axes", () => {
    expect(tensor([]).shape).toEqual([0]);
    expect(tensor([[], []]).shape).toEqual([2, 0]);
    expect(tensor([[], []]).arraySync()).toEqual([[], []]);
    expect(tensor([]).dtype).toBe("float32");
  });

  it("makes numbers float32, booleans bool, and a mixture float32", () => {
    expect(tensor([1, 2]).dtype).toBe("float32");
    expect(tensor([[true], [false]]).dtype).toBe("bool");
    expect(tensor([[true], [false]]).arraySync()).toEqual([[true], [false]]);
    expect(tensor(true).itemSync()).toBe(true);
    expect(tensor([true, 2]).dtype).toBe("float32");
    expect(tensor([true, 2]).arraySync()).toEqual([1, 2]);
  });

  it("rounds to float32", () => {
    expect(tensor(0.1).itemSync()).toBe(Math.fround(0.1));
    expect(tensor(0.1, { dtype: "float64" }).itemSync()).toBe(0.1);
    expect(tensor(16777217).itemSync()).toBe(16777216);
    expect(tensor(1e39).itemSync()).toBe(Number.POSITIVE_INFINITY);
  });

  it("converts to the dtype asked for: ints truncate and saturate, NaN is 0", () => {
    const odd = [2.9, -2.9, Number.NaN, 3e9, -3e9];
    expect(tensor(odd, { dtype: "int32" }).arraySync()).toEqual([
      2, -2, 0, 2147483647, -2147483648,
    ]);
    expect(tensor([300, -1, 7.5], { dtype: "uint8" }).arraySync()).toEqual([255, 0, 7]);
    expect(tensor([0, -0, 0.5, Number.NaN], { dtype: "bool" }).arraySync()).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it("takes flat data with a shape", () => {
    expect(tensor([1, 2, 3, 4], { shape: [2, 2] }).arraySync()).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(messageOf(() => tensor([1, 2, 3], { shape: [2, 2] }))).toBe(
      "[tensor] the shape must hold all elements: expected a shape of 3 elements, got [2, 2].",
    );
    expect(() => tensor([1, 2], { shape: [-1, -2] })).toThrow(ShapeError);
    expect(() => tensor([1, 2], { shape: [1.5] })).toThrow(ShapeError);
  });

  it("refuses ragged arrays and says which axis", () => {
    expect(messageOf(() => tensor([[1, 2], [3]]))).toBe(
      "[tensor] nested arrays must be rectangular: expected 2 elements along axis 1, got 1. Pad the shorter rows.",
    );
    expect(() => tensor([[1], 2])).toThrow(ShapeError);
    expect(() => tensor([1, [2]])).toThrow(ShapeError);
    expect(() => tensor([[[1]], [[1, 2]]])).toThrow(ShapeError);
    expect(() => tensor([[], [1]])).toThrow(ShapeError);
  });

  it.each([["text"], [null], [undefined], [{}], [[1, "2"]], [[undefined]], [10n], [new Date(0)]])(
    "refuses %o, which is not data",
    (odd) => {
      expect(() => tensor(odd as never)).toThrow(ValueError);
    },
  );

  it("refuses an unknown dtype", () => {
    expect(messageOf(() => tensor([1], { dtype: "float" as never }))).toBe(
      '[tensor] dtype must be known: expected float32, float64, float16, int32, uint8 or bool, got "float".',
    );
    expect(() => zeros([1], { dtype: "toString" as never })).toThrow(DTypeError);
  });
});

describe("tensor from typed arrays", () => {
  it.each([
    [new Float32Array([1, 2]), "float32"],
    [new Float64Array([1, 2]), "float64"],
    [new Int32Array([1, 2]), "int32"],
    [new Uint8Array([1, 2]), "uint8"],
  ] as const)("keeps the dtype and copies: %o", (data, dtype) => {
    const x = tensor(data);
    expect([x.dtype, x.shape]).toEqual([dtype, [2]]);
    data[0] = 9;
    expect(x.arraySync()).toEqual([1, 2]);
  });

  it("copies a part of a larger buffer", () => {
    const part = new Float32Array([0, 1, 2, 3]).subarray(1, 3);
    expect(tensor(part).arraySync()).toEqual([1, 2]);
  });

  it("returns copies: changing what data() gave leaves the tensor alone", async () => {
    const x = tensor([1, 2]);
    x.dataSync()[0] = 9;
    (await x.data())[0] = 9;
    expect(x.arraySync()).toEqual([1, 2]);
  });

  it("refuses arrays without a dtype", () => {
    for (const data of [new Int8Array(1), new Uint16Array(1), new BigInt64Array(1)]) {
      expect(() => tensor(data as never)).toThrow(DTypeError);
    }
  });
});

describe("tensor from a tensor", () => {
  it("is a detached copy with its own storage", () => {
    const x = tensor([1, 2], { requiresGrad: true });
    const y = tensor(x.mul(2));
    expect([y.requiresGrad, y.isLeaf, y.dtype]).toEqual([false, true, "float32"]);
    expect(tensor(x).storage).not.toBe(x.storage);
    expect(tensor(x, { dtype: "int32", shape: [2, 1] }).arraySync()).toEqual([[1], [2]]);
    expect(tensor(x, { requiresGrad: true }).requiresGrad).toBe(true);
  });

  it("stays on its backend", () => {
    expect(() => tensor(tensor([1]), { backend: interpreter() })).toThrow(ValueError);
  });
});

describe("constants and ranges", () => {
  it("full takes numbers and booleans and the dtype asked for", () => {
    expect(full([2], true).dtype).toBe("bool");
    expect(full([], 3).itemSync()).toBe(3);
    expect(full([2, 0], 3).shape).toEqual([2, 0]);
    expect(full([1], 2.7, { dtype: "int32" }).arraySync()).toEqual([2]);
  });

  it("like functions take shape, dtype and backend over", () => {
    const x = tensor(new Int32Array([1, 2]), { backend: interpreter() });
    for (const like of [zerosLike(x), onesLike(x), fullLike(x, 5)]) {
      expect([like.shape, like.dtype, like.backend === x.backend]).toEqual([[2], "int32", true]);
    }
    expect(onesLike(x, { dtype: "float64" }).dtype).toBe("float64");
    expect(zerosLike(x, { dtype: undefined }).dtype).toBe("int32");
  });

  it("arange is int32 for whole numbers and excludes its end", () => {
    expect([arange(3).dtype, arange(3).arraySync()]).toEqual(["int32", [0, 1, 2]]);
    expect(arange(5, 0, -2).arraySync()).toEqual([5, 3, 1]);
    expect(arange(0, 1, 0.25).dtype).toBe("float32");
    expect(arange(0, 1, 0.25).arraySync()).toEqual([0, 0.25, 0.5, 0.75]);
    expect(arange(3, 1).shape).toEqual([0]);
    expect(arange(3, { dtype: "float64" }).dtype).toBe("float64");
    expect(() => arange(0, 1, 0)).toThrow(ValueError);
    expect(() => arange(Number.POSITIVE_INFINITY)).toThrow(ValueError);
  });

  it("linspace includes both ends exactly", () => {
    expect(linspace(0, 1, 5).arraySync()).toEqual([0, 0.25, 0.5, 0.75, 1]);
    expect(linspace(2, 3, 1).arraySync()).toEqual([2]);
    expect(linspace(0, 0.3, 4, { dtype: "float64" }).dataSync().at(-1)).toBe(0.3);
  });

  it("eye may be rectangular", () => {
    expect(eye(2, 3).arraySync()).toEqual([
      [1, 0, 0],
      [0, 1, 0],
    ]);
  });

  it("refuses shapes that are none", () => {
    for (const shape of [[-1], [0.5], [Number.NaN], [2 ** 60], "2" as never, 3 as never]) {
      expect(() => zeros(shape), inspect(shape)).toThrow(ShapeError);
    }
    const text = "a shape is a list of extents: expected an array of whole numbers from 0 on";
    expect(messageOf(() => zeros([2, -1]))).toBe(`[zeros] ${text}, got [2, -1].`);
    expect(messageOf(() => ones(3 as never))).toBe(`[ones] ${text}, got 3.`);
    expect(messageOf(() => bernoulli(0.5, [-1]))).toBe(`[bernoulli] ${text}, got [-1].`);
  });

  it("refuses more bytes than the backend's largest buffer, before asking for them", () => {
    expect(messageOf(() => zeros([2 ** 15, 2 ** 15]))).toBe(
      '[zeros] a tensor must fit one buffer of the backend: expected 2147483648 bytes at most on "interpreter", got 4294967296 bytes for shape [32768, 32768]. Work in smaller batches.',
    );
  });

  it("refuses a dtype that the backend lacks", () => {
    expect(messageOf(() => zeros([1], { dtype: "float16" }))).toBe(
      '[zeros] the backend must support the dtype: expected one of float32, float64, int32, uint8, bool on backend "interpreter", got float16. Convert with astype, or use a backend that has it.',
    );
    expect(() => tensor([1]).astype("float16")).toThrow(DTypeError);
  });
});
