// On a device that can go away, all that is checked of it is checked.

import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { losable, loseDevice } from "../broken/losable.js";
import { runConformance } from "../runner.js";

test("a backend that refuses to read a lost device passes", async () => {
  const report = await runConformance(() => losable(interpreter()), {
    filter: "device loss",
    loseDevice,
  });
  expect(report.results.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
  expect(report.passed).toBe(7);
});
