import type { Task } from "./task.js";

/** Something that is timed on all engines in turns. */
export interface Workload {
  /** What `--only` names, by itself or with all that begin alike: "w1" is "w1/b32", "w1/b64", … */
  readonly id: string;
  readonly title: string;
  readonly unit: "steps/s" | "calls/s" | "GFLOP/s" | "GB/s";
  /** How much of the unit one run is. */
  readonly perRun: number;
  task(): Task;
}
