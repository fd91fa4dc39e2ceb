import type { Backend } from "@chainrule/core";

/** A backend with one known fault. */
export interface BrokenBackend {
  /** What it does wrong, as in "a backend that …". */
  readonly fault: string;
  /** Ids of checks that must fail. */
  readonly caughtBy: readonly string[];
  /** The good backend, which reads at once, with the fault put in. */
  wrap(good: Backend): Backend;
  /** Makes its device go away, where it has one. */
  readonly loseDevice?: (backend: Backend) => void;
}
