import { expect, test } from "vitest";
import { trainingCases } from "./stored.js";

test("every stored training learns something", () => {
  const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
  // One round of the batches, at the start and at the end.
  const learned = trainingCases.map(
    ({ losses }) => sum(losses.slice(-4)) / sum(losses.slice(0, 4)),
  );
  expect(Math.max(...learned)).toBeLessThan(0.9);
});
