import type { Backend } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, test } from "vitest";
import { describeConformance, type TestContext } from "./describe.js";
import { formatReport } from "./report.js";
import { runConformance } from "./runner.js";

/** A backend that forgets every second element it is given. */
function forgetful(): Backend {
  const good = interpreter();
  return {
    ...good,
    upload: (data, dtype) =>
      good.upload(
        data.map((x, i) => (i % 2 ? 0 : x)),
        dtype,
      ),
  };
}

test("a good backend passes and the report ends with the counts", async () => {
  const report = await runConformance(() => interpreter(), { filter: "softplus" });
  expect(report.failed).toBe(0);
  expect(formatReport(report)).toMatch(
    new RegExp(`\n${report.passed} passed, 0 failed, 0 skipped$`),
  );
});

test("a failure names the element, both values and the allowed distance", async () => {
  const report = await runConformance(forgetful, { filter: "neg > float32 > values" });
  expect(formatReport(report)).toContain(
    "failed: neg > float32 > values\n    element 1: expected 0.5, got -0 ",
  );
});

test("checks that the capabilities rule out are skipped with the reason", async () => {
  const narrow = (): Backend => {
    const good = interpreter();
    return {
      ...good,
      capabilities: { ...good.capabilities, dtypes: ["float32", "int32", "uint8", "bool"] },
    };
  };
  const report = await runConformance(narrow, { filter: /^exp >/ });
  expect(report.failed).toBe(0);
  expect(formatReport(report)).toContain("capabilities.dtypes has no float64");
});

test("a skip needs to be needed", async () => {
  const skip = [{ reason: "known, #1", cases: ["neg > float32 > values"] }];
  const filter = "neg > float32 > values";
  const needed = await runConformance(forgetful, { filter, skip });
  expect(needed).toMatchObject({ failed: 0, skipped: 1 });
  const stale = await runConformance(() => interpreter(), { filter, skip });
  expect(stale).toMatchObject({ failed: 1, skipped: 0 });
  expect(formatReport(stale)).toContain("passes, so remove its skip: known, #1");
});

test("tiers choose", async () => {
  const report = await runConformance(() => interpreter(), { tiers: [3], filter: "tanh" });
  expect(new Set(report.results.map(({ tier }) => tier))).toEqual(new Set([3]));
});

describe("describeConformance", () => {
  test("declares one test per check and says skip or throws", async () => {
    const bodies: ((context: TestContext) => Promise<void>)[] = [];
    const groups: string[] = [];
    const describe = (name: string, body: () => void): void => {
      groups.push(name);
      body();
    };
    const it = (_: string, body: (context: TestContext) => Promise<void>): number =>
      bodies.push(body);
    const filter = /^storage > (float16|float32) > reads back/;
    describeConformance(forgetful, { describe, it, filter });
    expect(groups).toEqual(["storage"]);
    const skipped: unknown[] = [];
    const outcomes = await Promise.allSettled(
      bodies.map((body) => body({ skip: (reason) => skipped.push(reason) })),
    );
    expect(skipped).toEqual(["capabilities.dtypes has no float16"]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });
});
