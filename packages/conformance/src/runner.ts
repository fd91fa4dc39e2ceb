// Runs checks on a backend without any test framework.

import type { Backend } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { allTiers, type Bench, type Check, missing, type Tier } from "./check.js";
import type { CheckResult, Report, WorstUlp } from "./report.js";
import { allChecks } from "./suite.js";

/** Makes the backend under test; called again for checks that close one. */
export type MakeBackend = () => Backend | Promise<Backend>;

/** Checks that a backend is known not to pass. */
export interface Skip {
  /** Shown in the report; name an issue if there is one. */
  readonly reason: string;
  /** Ids, or the parts ids start with, such as "cast" or "cast > float64". */
  readonly cases: readonly string[];
}

/** Which checks are run. */
export interface ConformanceOptions {
  /** Default: all. */
  readonly tiers?: readonly Tier[];
  /** A skipped check that passes fails: skips do not outlive their reason. */
  readonly skip?: readonly Skip[];
  /** Only checks whose id contains this text or matches this pattern. */
  readonly filter?: string | RegExp;
}

/** Chooses the checks and runs one at a time. */
export interface Runner {
  readonly checks: readonly Check[];
  run(check: Check): Promise<CheckResult>;
  report(): Report;
}

/**
 * Runs the suite on the backends that `makeBackend` makes. Never throws for a check that fails.
 *
 * @example
 * const report = await runConformance(() => interpreter(), { filter: "softplus" });
 * report.failed // => 0
 */
export async function runConformance(
  makeBackend: MakeBackend,
  options: ConformanceOptions = {},
): Promise<Report> {
  const runner = conformanceRunner(makeBackend, options);
  for (const check of runner.checks) await runner.run(check);
  return runner.report();
}

/** The pieces of {@link runConformance}, for adapters to test frameworks. */
export function conformanceRunner(
  makeBackend: MakeBackend,
  options: ConformanceOptions = {},
): Runner {
  const results: CheckResult[] = [];
  const worst = new Map<string, WorstUlp>();
  const measure = (op: string, dtype: DType, ulp: number): void => {
    const key = `${op} ${dtype}`;
    if (ulp > (worst.get(key)?.ulp ?? -1)) worst.set(key, { op, dtype, ulp });
  };
  const make = async (): Promise<Backend> => await makeBackend();
  let shared: Promise<Bench> | undefined;
  let name = "";
  const bench = (): Promise<Bench> => {
    shared ??= make().then((backend) => {
      name = backend.name;
      return { backend, make, measure };
    });
    return shared;
  };
  return {
    checks: chosenChecks(options),
    run: async (check) => {
      const result = await runOne(check, await bench(), options.skip ?? []);
      results.push(result);
      return result;
    },
    report: () => ({
      backend: name,
      passed: count(results, "passed"),
      failed: count(results, "failed"),
      skipped: count(results, "skipped"),
      results,
      worst: [...worst.values()],
    }),
  };
}

function chosenChecks({ tiers = allTiers, filter }: ConformanceOptions): Check[] {
  const matches = (id: string): boolean =>
    filter === undefined || (typeof filter === "string" ? id.includes(filter) : filter.test(id));
  return allChecks().filter((check) => tiers.includes(check.tier) && matches(check.id));
}

async function runOne(check: Check, bench: Bench, skips: readonly Skip[]): Promise<CheckResult> {
  const { id, tier } = check;
  const unable = missing(check.needs, bench.backend.capabilities);
  if (unable !== undefined) return { id, tier, outcome: "skipped", message: unable };
  const skip = skips.find(({ cases }) => cases.some((each) => covers(each, id)));
  const complaint = await attempt(check, bench);
  if (skip !== undefined) {
    return complaint === undefined
      ? { id, tier, outcome: "failed", message: `passes, so remove its skip: ${skip.reason}` }
      : { id, tier, outcome: "skipped", message: skip.reason };
  }
  return complaint === undefined
    ? { id, tier, outcome: "passed" }
    : { id, tier, outcome: "failed", message: complaint };
}

/** What went wrong; undefined when nothing did. */
async function attempt(check: Check, bench: Bench): Promise<string | undefined> {
  try {
    await check.run(bench);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether `pattern` is `id` or its first parts. */
function covers(pattern: string, id: string): boolean {
  return id === pattern || id.startsWith(`${pattern} > `);
}

function count(results: readonly CheckResult[], outcome: CheckResult["outcome"]): number {
  return results.filter((result) => result.outcome === outcome).length;
}
