// The public names of @chainrule/conformance, grouped; README.md says how they belong together.

// 5. Backends that must fail
export { type BrokenBackend, brokenBackends } from "./broken/index.js";
// 3. Writing cases
export type { CallBuilder, ErrorType } from "./call-cases.js";
export { cases } from "./cases/index.js";

// 2. What is checked
export {
  allTiers,
  type Bench,
  type Check,
  type CheckOptions,
  missing,
  type Needs,
  Skipped,
  type Tier,
  tierNames,
  type Way,
} from "./check.js";
export { type CaseBuilder, defineCases, type OpCases } from "./define-cases.js";
// 1. Running the suite
export { describeConformance, type TestContext, type TestFramework } from "./describe.js";
export type { DTypeRule } from "./elementwise/promotion.js";
export type { Reference } from "./elementwise/reference.js";
export { lateReads } from "./late-reads.js";
// 6. Two backends, step by step
export * from "./lockstep/index.js";
export {
  formatMatrix,
  type MatrixCell,
  type MatrixColumn,
  type MatrixRow,
  matrixColumns,
  matrixRows,
} from "./matrix.js";
export type { CheckResult, Report, WorstUlp } from "./report.js";
export { formatReport } from "./report-text.js";
export {
  type ConformanceOptions,
  conformanceRunner,
  type MakeBackend,
  type Runner,
  runConformance,
  type Skip,
} from "./runner.js";
export { allChecks } from "./suite.js";
// 4. How close is close enough
export { type Tolerance, toleranceFor } from "./tolerance.js";
export { ulpDistance, ulpOf } from "./ulp-distance.js";
export { bool, int32, type Nested, type Typed, typed, uint8, type Values } from "./values.js";
export type { Subject } from "./verify.js";
