import { expect, test } from "vitest";
import { toleranceFor } from "./tolerance.js";
import { ulpDistance, ulpOf } from "./ulp-distance.js";

test("neighbours are one unit apart", () => {
  expect(ulpOf(1, "float32")).toBe(2 ** -23);
  expect(ulpOf(1.999, "float32")).toBe(2 ** -23);
  expect(ulpOf(2, "float64")).toBe(2 ** -51);
  expect(ulpDistance(1 + Number.EPSILON, 1, "float64")).toBe(1);
  expect(ulpDistance(1 - 2 ** -24, 1, "float32")).toBe(0.5);
});

test("subnormal numbers keep their gap", () => {
  expect(ulpOf(0, "float32")).toBe(2 ** -149);
  expect(ulpOf(5e-324, "float64")).toBe(5e-324);
});

test("NaN and infinities are alike or infinitely far", () => {
  expect(ulpDistance(Number.NaN, Number.NaN, "float32")).toBe(0);
  expect(ulpDistance(Infinity, Infinity, "float32")).toBe(0);
  expect(ulpDistance(Infinity, -Infinity, "float32")).toBe(Infinity);
  expect(ulpDistance(1, Number.NaN, "float32")).toBe(Infinity);
});

test("the floor makes small errors absolute", () => {
  expect(ulpDistance(1e-9, 0, "float32", 1)).toBeLessThan(1);
  expect(ulpDistance(3, 5, "int32")).toBe(2);
});

test("tolerances have reasons; operations without a line get the one of composites", () => {
  expect(toleranceFor("abs", "float32").reason).not.toBe("");
  expect(toleranceFor("something new", "float64").ulp).toBe(8);
  expect(toleranceFor("exp", "int32").ulp).toBe(0);
});
