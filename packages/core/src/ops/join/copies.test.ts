import { beforeAll, describe, expect, it } from "vitest";
import { concat, setBackend, stack, tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("concat and stack", () => {
  it("take a list", () => {
    expect(messageOf(() => concat(zeros([2]) as never))).toBe(
      "[concat] there must be something to join: expected an array of tensors, one at least, got a Tensor. Call concat([x, y], axis).",
    );
    expect(messageOf(() => stack([]))).toBe(
      "[stack] there must be something to join: expected an array of tensors, one at least, got an empty one. Call stack([x, y], axis).",
    );
    expect(messageOf(() => stack([zeros([2]), 1 as never]))).toContain("got 1");
  });
});

describe("repeat, roll and tile", () => {
  it("say what they take", () => {
    const x = zeros([2, 3]);
    expect(messageOf(() => x.repeat([1, -2, 0], 1))).toBe(
      "[repeat] counts must be whole: expected whole numbers from 0 on, got [1,-2,0].",
    );
    expect(messageOf(() => x.repeat([1, 2], 1))).toBe(
      "[repeat] each slice needs its count: expected 3 counts, for axis 1 of shape [2, 3], got 2. Pass a number to repeat all slices equally often.",
    );
    expect(messageOf(() => x.repeat(tensor([1, 2]) as never, 0))).toContain("got a Tensor");
    expect(messageOf(() => x.roll([1, 2]))).toBe(
      "[roll] each axis needs a whole shift: expected a whole number, or 1 of them, got [1,2].",
    );
    expect(messageOf(() => x.roll("1" as never, 0))).toContain('got "1"');
    expect(messageOf(() => x.roll(undefined as never))).toContain("got undefined");
    expect(messageOf(() => x.tile(2 as never))).toBe(
      "[tile] repetitions must be whole: expected an array of whole numbers from 0 on, got 2.",
    );
  });
});
