import { DefaultReporter, type TestModule } from "vitest/node";

/** The usual report, closed by one plain line that any reader can find: `N passed, N failed`. */
export class CountingReporter extends DefaultReporter {
  override onTestRunEnd(
    modules: readonly TestModule[],
    errors: Parameters<DefaultReporter["onTestRunEnd"]>[1],
    reason: Parameters<DefaultReporter["onTestRunEnd"]>[2],
  ): void {
    super.onTestRunEnd(modules, errors, reason);
    const count = { passed: 0, failed: errors.length, skipped: 0, pending: 0 };
    for (const module of modules) {
      for (const test of module.children.allTests()) count[test.result().state] += 1;
      // A file that could not be loaded has no tests to fail, yet it is a failure.
      count.failed += module.errors().length;
    }
    const skipped = count.skipped + count.pending;
    process.stdout.write(
      `${count.passed} passed, ${count.failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}\n`,
    );
  }
}
