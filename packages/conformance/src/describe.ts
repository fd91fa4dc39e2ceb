// The suite inside a test framework that has `describe` and `it`, such as vitest or node:test.

import type { Check } from "./check.js";
import { type ConformanceOptions, conformanceRunner, type MakeBackend } from "./runner.js";

/** The two functions of a test framework; vitest and `node:test` export them. */
export interface TestFramework {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: (context: TestContext) => Promise<void>): unknown;
}

/** What a test is given: how it says that it does not apply. */
export interface TestContext {
  skip(reason?: string): unknown;
}

/**
 * Declares one test per check, grouped by operation.
 *
 * @example
 * import { describe, it } from "vitest";
 * describeConformance(() => interpreter(), { describe, it });
 */
export function describeConformance(
  makeBackend: MakeBackend,
  options: ConformanceOptions & TestFramework,
): void {
  const runner = conformanceRunner(makeBackend, options);
  for (const [group, checks] of grouped(runner.checks)) {
    options.describe(group, () => {
      for (const check of checks) {
        options.it(check.id.slice(group.length + separator.length), async (context) => {
          const { outcome, message } = await runner.run(check);
          if (outcome === "skipped") context.skip(message);
          if (outcome === "failed") throw new Error(message);
        });
      }
    });
  }
}

const separator = " > ";

/** Checks by the first part of their id. */
function grouped(checks: readonly Check[]): Map<string, Check[]> {
  const groups = new Map<string, Check[]>();
  for (const check of checks) {
    const group = check.id.split(separator, 1)[0] ?? "";
    groups.set(group, [...(groups.get(group) ?? []), check]);
  }
  return groups;
}
