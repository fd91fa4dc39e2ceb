// Comparing two backends step by step.

export type { ToleranceOption } from "./bounds.js";
export { type CompareOptions, compareBackends } from "./compare-backends.js";
export type {
  Agreement,
  ArrayView,
  Comparison,
  Difference,
  ElementDifference,
  OperandView,
  Place,
  RefusalDifference,
  SequenceDifference,
} from "./difference.js";
export { formatDifference } from "./format.js";
