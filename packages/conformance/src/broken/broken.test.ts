// The suite must fail every broken backend, and for the right reason.

import { interpreter } from "@chainrule/core";
import { expect, test } from "vitest";
import { runConformance } from "../runner.js";
import { brokenBackends } from "./index.js";

test("the backend that is broken on purpose passes as long as it is whole", async () => {
  const report = await runConformance(() => interpreter(), { filter: /^(storage|add|max) >/ });
  expect(report.results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
});

test.each(brokenBackends.map((each) => [each.fault, each] as const))(
  "a backend that %s is caught",
  async (_, { wrap, caughtBy }) => {
    const ops = caughtBy.map((id) => id.split(" > ", 1)[0]).join("|");
    const report = await runConformance(() => wrap(interpreter()), {
      filter: new RegExp(`^(${ops}) >`),
      tiers: [0, 1, 2],
    });
    const failed = report.results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining([...caughtBy]));
    // One fault does not bring everything down.
    expect(report.passed).toBeGreaterThan(0);
  },
);
