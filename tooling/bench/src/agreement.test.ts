import { expect, it } from "vitest";
import { disagreement } from "./agreement.js";

it("float32 noise agrees", () => {
  expect(disagreement([2.3, 2.2999], [2.30001, 2.3])).toBeUndefined();
});

it("what is close is told by the largest value", () => {
  expect(disagreement([1000, 0.05], [1000, 0])).toBeUndefined();
  expect(disagreement([0.001, 0.0011], [0.001, 0.001])).toBe("value 1 is 0.0011, not 0.001");
});

it("NaN and infinities agree with nothing", () => {
  expect(disagreement(["NaN"], ["NaN"])).toBe("value 0 is NaN, not NaN");
  expect(disagreement(["Infinity"], ["Infinity"])).toBeDefined();
  expect(disagreement([1], ["NaN"])).toBeDefined();
});

it("a missing value is a disagreement", () => {
  expect(disagreement([1], [1, 2])).toBe("1 values instead of 2");
});
