// The whole suite on a backend whose elements come late, as those of a GPU do.

import { js } from "@chainrule/backend-js";
import { type CheckResult, lateReads, runConformance } from "@chainrule/conformance";
import { expect, test } from "vitest";

test("js passes without reading at once, and nothing but that is skipped for it", {
  timeout: 240_000,
}, async () => {
  const report = await runConformance(() => lateReads(js()));
  const { results } = report;
  expect(results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  const forIt = ({ message }: CheckResult): boolean => message?.includes("syncRead") === true;
  const skipped = results.filter(forIt).map(({ id }) => id.replace(/> \w+ >/, ">"));
  expect(new Set(skipped)).toEqual(
    new Set([
      "storage > readSync agrees with read",
      "storage > large: readSync copies, and sees every write before it",
    ]),
  );
  expect(report.passed).toBeGreaterThan(16_000);
});
