import type { Backend } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { formatMatrix, matrixRows } from "./matrix.js";
import type { CheckResult, Report } from "./report.js";

function report(backend: string, results: readonly Omit<CheckResult, "tier">[]): Report {
  const { capabilities } = interpreter();
  return {
    schema: 1,
    backend,
    capabilities: { ...capabilities, dtypes: ["float32", "int32"] } as Backend["capabilities"],
    passed: 3,
    failed: 1,
    skipped: 1,
    results: results.map((each) => ({ ...each, tier: 1 })),
    worst: [
      { op: "exp", dtype: "float32", ulp: 0.51234 },
      { op: "add", dtype: "float32", ulp: Number.POSITIVE_INFINITY },
    ],
  };
}

const one = report("one", [
  { id: "exp > a", op: "exp", dtype: "float32", outcome: "passed" },
  { id: "exp > b", op: "exp", dtype: "float32", outcome: "skipped" },
  { id: "add > a", op: "add", dtype: "float32", outcome: "failed" },
  { id: "add > b", op: "add", dtype: "float32", outcome: "passed" },
  { id: "add > c", op: "add", outcome: "skipped" },
]);

test("a cell is passed only where something ran and nothing failed", () => {
  const [exp, add] = matrixRows(one);
  expect(exp?.cells).toEqual({
    float32: { outcome: "passed", passed: 1, failed: 0, skipped: 1, worst: 0.51234 },
    int32: { outcome: "not run", passed: 0, failed: 0, skipped: 0 },
    other: { outcome: "not run", passed: 0, failed: 0, skipped: 0 },
  });
  expect(Object.values(add?.cells ?? {}).map(({ outcome }) => outcome)).toEqual([
    "failed",
    "not run",
    "skipped",
  ]);
  expect(add).toMatchObject({ op: "add", passed: 1, failed: 1, skipped: 1 });
});

test("one report is a table of operations and dtypes", () => {
  expect(formatMatrix(one)).toMatchInlineSnapshot(`
    "# Conformance of one

    | operation | float32  | int32 | other |
    | --------- | -------- | ----- | ----- |
    | exp       | ok 0.51  | -     | -     |
    | add       | FAIL 1/2 | -     | skip  |

    ok: every check that was run passed, with the largest distance from an expected value in ULP;
    FAIL: failed of all; skip: none could be run; -: there is none.

    3 passed, 1 failed, 1 skipped
    "
  `);
});

test("several reports stand side by side, and what was not run on one is no pass", () => {
  const two = report("two", [{ id: "sub > a", op: "sub", dtype: "int32", outcome: "passed" }]);
  expect(formatMatrix([one, two])).toMatchInlineSnapshot(`
    "# Conformance of one, two

    | operation | one float32 | one int32 | one other | two float32 | two int32 | two other |
    | --------- | ----------- | --------- | --------- | ----------- | --------- | --------- |
    | exp       | ok 0.51     | -         | -         | -           | -         | -         |
    | add       | FAIL 1/2    | -         | skip      | -           | -         | -         |
    | sub       | -           | -         | -         | -           | ok        | -         |

    ok: every check that was run passed, with the largest distance from an expected value in ULP;
    FAIL: failed of all; skip: none could be run; -: there is none.

    - one: 3 passed, 1 failed, 1 skipped
    - two: 3 passed, 1 failed, 1 skipped
    "
  `);
});
