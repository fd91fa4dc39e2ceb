import { beforeAll, describe, expect, it } from "vitest";
import { ShapeError, setBackend, tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("pad", () => {
  it("converts its value to the dtype as data is converted", () => {
    const padded = tensor([true]).pad([[0, 1]], 5);
    expect(padded.astype("int32").arraySync()).toEqual([1, 1]);
    expect(
      tensor(new Uint8Array([1]))
        .pad([[1, 0]], 300)
        .arraySync(),
    ).toEqual([255, 1]);
    expect(
      tensor(new Int32Array([1]))
        .pad([[1, 1]], -1.7)
        .arraySync(),
    ).toEqual([-1, 1, -1]);
  });

  it("refuses widths that are not one pair per axis", () => {
    expect(messageOf(() => zeros([2]).pad([]))).toContain(
      "[pad] each axis needs a pair of widths: expected 1 pairs of whole numbers from 0 on, for shape [2]",
    );
    expect(() => zeros([2]).pad([[-1, 0]])).toThrow(ShapeError);
    expect(() => zeros([2]).pad([[0.5, 0]])).toThrow(ShapeError);
  });
});
