import type { Backend } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, test } from "vitest";
import { describeConformance, type TestContext } from "./describe.js";
import { formatReport } from "./report-text.js";
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
    new RegExp(`\n${report.passed} passed, 0 failed, ${report.skipped} skipped$`),
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
  const filter = /^neg > float32 > values$/;
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

test("the report says of which backend it is, and what each check was about", async () => {
  const report = await runConformance(() => interpreter(), { filter: /^tanh > float64 > values$/ });
  const { capabilities } = interpreter();
  expect(JSON.parse(JSON.stringify(report))).toEqual({
    schema: 1,
    backend: "interpreter",
    contract: 1,
    capabilities,
    info: interpreter().info(),
    passed: 1,
    failed: 0,
    skipped: 0,
    results: [
      { id: "tanh > float64 > values", op: "tanh", tier: 1, dtype: "float64", outcome: "passed" },
    ],
    worst: [{ op: "tanh", dtype: "float64", ulp: expect.any(Number) }],
  });
});

test.each([
  ["a promise of nothing", () => Promise.resolve() as never, "got undefined"],
  ["a factory", () => interpreter as never, "got a function interpreter"],
  ["a later contract", () => ({ ...interpreter(), contract: 2 }), "expected contract 1"],
])("what makes no backend is refused before any check: %s", async (_, make, message) => {
  await expect(runConformance(make, { filter: "tanh" })).rejects.toThrow(message);
});

test("a check that does not come to an end fails", async () => {
  const silent = (): Backend => ({ ...interpreter(), read: () => new Promise(() => {}) });
  const filter = "storage > float32 > reads back what was uploaded";
  const report = await runConformance(silent, { filter, timeLimit: 20 });
  expect(report.results[0]).toMatchObject({ outcome: "failed", message: "took longer than 20 ms" });
});

test("a check that finds nothing to try is skipped, whatever skips were asked for", async () => {
  const options = { filter: "neg > overrides", skip: [{ reason: "#1", cases: ["neg"] }] };
  const report = await runConformance(() => interpreter(), options);
  expect(report.results[0]).toMatchObject({
    outcome: "skipped",
    message: "the backend has no overrides and no routines",
  });
});

test("an override that accepts nothing is not taken for one that is right", async () => {
  const make = (): Backend => ({
    ...interpreter(),
    ops: { neg: { accepts: () => false, run: () => {} } },
  });
  const report = await runConformance(make, { filter: /^(overrides|neg > overrides) / });
  expect(report.results.map(({ outcome, message }) => [outcome, message])).toEqual([
    ["passed", undefined],
    ["skipped", "accepts refuses every case of the suite, which checks nothing of neg"],
  ]);
});

test("failures in the same words are counted", async () => {
  const filter = "storage";
  const broken = (): Backend => ({
    ...interpreter(),
    upload: () => {
      throw new Error("no memory");
    },
  });
  const text = formatReport(await runConformance(broken, { filter }));
  expect(text.match(/no memory/g)).toHaveLength(5);
  expect(text).toMatch(/failed: \d\d more in the same words/);
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
