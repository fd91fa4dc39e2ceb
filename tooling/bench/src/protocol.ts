// The lines between this program and an engine's process; pytorch.py speaks them too.

/** Prepare the task in this folder, or do the prepared task so many times. */
export type Request = { readonly task: string } | { readonly run: number };

export type Reply = Prepared | Ran | { readonly error: string };

/** What must agree between engines; what JSON cannot say is a string. */
export interface Prepared {
  readonly values: readonly (number | string)[];
  /** What one run took while these were computed, everything cold. */
  readonly milliseconds: number;
}

/** How long the runs took, and the most memory the process has had. */
export interface Ran {
  readonly milliseconds: number;
  readonly peakBytes: number;
}
