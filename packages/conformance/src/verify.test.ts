import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { eager } from "./both-ways.js";
import type { Bench } from "./check.js";
import { compareElements } from "./verify.js";

const bench: Bench = {
  ...eager,
  backend: interpreter(),
  make: async () => interpreter(),
  measure: () => {},
};

test("literals of 7 digits are close to what they round, infinities only to themselves", () => {
  const compare = (got: number, expected: number) => (): void =>
    compareElements(
      bench,
      { op: "neg", digits: 5e-7 },
      Float64Array.of(got),
      [expected],
      "float64",
    );
  expect(compare(1.3132616875, 1.3132617)).not.toThrow();
  expect(compare(Infinity, Infinity)).not.toThrow();
  for (const got of [0, 3.4e38, -Infinity, Number.NaN]) {
    expect(compare(got, Infinity), `${got}`).toThrow("expected Infinity");
  }
});
