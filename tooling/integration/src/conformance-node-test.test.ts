// The suite under node:test, which is another framework than the rest of the tests run in.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";

const here = fileURLToPath(new URL(".", import.meta.url));

/** What `node --test` says of a file, as TAP. */
function run(text: string): { status: number | null; tap: string } {
  // Where the packages are found, and nothing else looks.
  const folder = mkdtempSync(join(here, "../node_modules/.node-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "suite.test.ts");
  writeFileSync(file, text);
  const flags = ["--conditions=@chainrule/source", "--import", "tsx"];
  const { NODE_OPTIONS: _options, VITEST: _vitest, ...env } = process.env;
  const { status, stdout } = spawnSync(
    process.execPath,
    [...flags, "--test", "--test-reporter=tap", file],
    { encoding: "utf8", cwd: here, env },
  );
  return { status, tap: stdout };
}

const suite = (makeBackend: string): string => `
  import { describe, it } from "node:test";
  import { js } from "@chainrule/backend-js";
  import { describeConformance } from "@chainrule/conformance";
  describeConformance(${makeBackend}, {
    describe, it, filter: /^(storage > (float16|int32) > (reads|write)|relu > float32 > values$)/,
  });
`;

test("every check is a test, and one that does not apply is skipped with the reason", () => {
  const { status, tap } = run(suite("() => js()"));
  expect(tap).toMatch(/ok \d+ - float32 > values\n/);
  expect(tap).toMatch(/ok \d+ - int32 > reads back what was uploaded\n/);
  expect(tap).toMatch(/ok \d+ - float16 > .* # SKIP capabilities.dtypes has no float16\n/);
  expect(tap).toMatch(/\n# pass 5\n# fail 0\n# cancelled 0\n# skipped 4\n/);
  expect(status).toBe(0);
}, 60_000);

test("a check that fails is a test that fails", () => {
  const { status, tap } = run(suite("() => ({ ...js(), write: () => {} })"));
  expect(tap).toMatch(/not ok \d+ - int32 > writes at an offset\n/);
  expect(tap).toContain("element 1: expected 1, got 0");
  expect(status).toBe(1);
}, 60_000);
