// The suite inside a test framework that has `describe` and `it`, such as vitest or node:test.

import { byTopic, titleOf } from "./check.js";
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
  for (const [topic, checks] of byTopic(runner.checks)) {
    options.describe(topic, () => {
      for (const check of checks) {
        options.it(titleOf(check.id), async (context) => {
          const { outcome, message } = await runner.run(check);
          if (outcome === "skipped") context.skip(message);
          if (outcome === "failed") throw new Error(message);
        });
      }
    });
  }
}
