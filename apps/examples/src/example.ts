/** What every program of this folder is. */
export interface Example<Findings> {
  /** Trains what there is to train; the same numbers every time. */
  run(): Findings;
  /** The findings in words and tables. */
  report(findings: Findings): string;
  /** Whether the findings are what the program claims. */
  holds(findings: Findings): boolean;
}
