// The suite must fail every broken backend, and for the right reason.

import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { type ConformanceOptions, runConformance } from "../runner.js";
import { type BrokenBackend, brokenBackends } from "./index.js";
import { withPrograms } from "./programs.js";

/** The ids, and all else about the same operations; copies too, which one fault may break at most. */
function about({ caughtBy }: BrokenBackend): NonNullable<ConformanceOptions["filter"]> {
  const operations = caughtBy.map((id) => id.split(" > ", 1)[0] ?? "");
  const topics = [
    "storage",
    "kernels",
    "overrides",
    "training MLP",
    "same seed, training",
    "leaks",
    "programs",
    "concurrency",
    "swap",
    "device loss",
  ];
  const chosen = ["copy", ...operations.filter((op) => !topics.includes(op))].map(
    (op) => `${op} >`,
  );
  const ids = caughtBy.map((id) => `${id.replaceAll(/[^\w >]/g, "\\$&")}$`);
  return new RegExp(`^(?:${[...chosen, ...ids].join("|")})`);
}

test("the backend that is broken on purpose passes as long as it is whole", async () => {
  const report = await runConformance(() => interpreter(), { filter: /^(storage|add|max) >/ });
  expect(report.results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
});

test("the programs that are broken on purpose pass as long as they are whole", async () => {
  const report = await runConformance(() => withPrograms(interpreter(), () => ({})), {
    filter: /^(programs|add|assign|softmax) >/,
    tiers: [1, 2, 6],
  });
  expect(report.results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
});

test.each(brokenBackends.map((each) => [each.fault, each] as const))(
  "a backend that %s is caught",
  async (_, each) => {
    const report = await runConformance(() => each.wrap(interpreter()), {
      filter: about(each),
      tiers: [0, 1, 2, 4, 5, 6],
      timeLimit: 10_000,
      ...(each.loseDevice && { loseDevice: each.loseDevice }),
    });
    const failed = report.results.filter(({ outcome }) => outcome === "failed").map(({ id }) => id);
    expect(failed).toEqual(expect.arrayContaining([...each.caughtBy]));
    // One fault does not bring everything down.
    expect(report.passed).toBeGreaterThan(0);
  },
);
