// Runs checks on a backend without any test framework.

import { type Backend, BackendError, withBackend } from "@chainrule/core";
import type { DType } from "@chainrule/kernel";
import { eager } from "./both-ways.js";
import { allTiers, type Bench, type Check, missing, Skipped, type Tier, topicOf } from "./check.js";
import { type CheckResult, countOf, type Report, reportSchema, type WorstUlp } from "./report.js";
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
  /** Milliseconds after which a check has failed; default 60 000. */
  readonly timeLimit?: number;
  /**
   * Makes the device of a backend go away, as a driver that crashes does. Without it what happens
   * then is not tried.
   */
  readonly loseDevice?: (backend: Backend) => void | Promise<void>;
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
 * Throws: what `makeBackend` throws; BackendError when it makes no backend, or one for another
 * version of the contract.
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

const members = [
  "allocate",
  "upload",
  "write",
  "read",
  "free",
  "compileKernel",
  "info",
  "ready",
  "close",
] as const satisfies (keyof Backend)[];

/** Throws: BackendError that names what `backend` lacks. */
function ensureComplete(backend: Backend): void {
  const missing = members.filter((member) => typeof backend[member] !== "function");
  if (missing.length === 0) return;
  throw new BackendError("runConformance", "a backend must have every member of the contract", {
    expected: `functions ${missing.join(", ")}`,
    got: `none on "${backend.name}"`,
  });
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
  const make = async (): Promise<Backend> => {
    const backend = await makeBackend();
    // Refuses what is no backend, or one for another version of the contract.
    withBackend(backend, () => {});
    ensureComplete(backend);
    return backend;
  };
  const { loseDevice, skip = [], timeLimit = 60_000 } = options;
  let shared: Promise<Bench> | undefined;
  let made: Backend | undefined;
  const bench = (): Promise<Bench> => {
    shared ??= make().then((backend) => {
      made = backend;
      return { ...eager, backend, make, measure, ...(loseDevice && { loseDevice }) };
    });
    return shared;
  };
  return {
    checks: chosenChecks(options),
    run: async (check) => {
      const result = await runOne(check, await bench(), skip, timeLimit);
      results.push(result);
      return result;
    },
    report: () => ({
      schema: reportSchema,
      ...described(made),
      passed: countOf(results, "passed"),
      failed: countOf(results, "failed"),
      skipped: countOf(results, "skipped"),
      results,
      worst: [...worst.values()],
    }),
  };
}

function described(
  backend: Backend | undefined,
): Pick<Report, "backend" | "contract" | "capabilities" | "info"> {
  if (backend === undefined) return { backend: "" };
  const { name, contract, capabilities } = backend;
  try {
    return { backend: name, contract, capabilities, info: backend.info() };
  } catch {
    // A check says so.
    return { backend: name, contract, capabilities };
  }
}

function chosenChecks({ tiers = allTiers, filter }: ConformanceOptions): Check[] {
  const matches = (id: string): boolean =>
    filter === undefined || (typeof filter === "string" ? id.includes(filter) : filter.test(id));
  return allChecks().filter((check) => tiers.includes(check.tier) && matches(check.id));
}

async function runOne(
  check: Check,
  bench: Bench,
  skips: readonly Skip[],
  timeLimit: number,
): Promise<CheckResult> {
  const { id, tier, dtype } = check;
  const subject = { id, op: topicOf(id), tier, ...(dtype && { dtype }) };
  const unable = missing(check.needs, bench.backend.capabilities);
  if (unable !== undefined) return { ...subject, outcome: "skipped", message: unable };
  const attempted = { ...subject, ...(await attempt(check, bench, timeLimit)) };
  const skip = skips.find(({ cases }) => cases.some((each) => covers(each, id)));
  if (skip === undefined || attempted.outcome === "skipped") return attempted;
  const { reason } = skip;
  return attempted.outcome === "failed"
    ? { ...subject, outcome: "skipped", message: reason }
    : { ...subject, outcome: "failed", message: `passes, so remove its skip: ${reason}` };
}

async function attempt(
  check: Check,
  bench: Bench,
  timeLimit: number,
): Promise<Pick<CheckResult, "outcome" | "message">> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${timeLimit} ms`)), timeLimit);
  });
  try {
    await Promise.race([check.run(bench), tooLong]);
    return { outcome: "passed" };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { outcome: error instanceof Skipped ? "skipped" : "failed", message };
  } finally {
    clearTimeout(timer);
  }
}

/** Whether `pattern` is `id` or its first parts. */
function covers(pattern: string, id: string): boolean {
  return id === pattern || id.startsWith(`${pattern} > `);
}
