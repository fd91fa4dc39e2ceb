// Rivals timed side by side: A B C, A B C, … in one process, so that what disturbs one disturbs all.

/** One way to do the work; `run(n)` does it n times. */
export interface Rival {
  readonly name: string;
  run(times: number): void;
}

/** What a rival reached, in runs per second. */
export interface Result {
  readonly name: string;
  readonly median: number;
  /** Half the distance from the slowest to the fastest round, relative to the median. */
  readonly spread: number;
}

/** Rounds and their length. */
export interface RoundOptions {
  readonly rounds?: number;
  readonly milliseconds?: number;
}

/** Runs all rivals in turns and gives their medians. */
export function measure(rivals: readonly Rival[], options: RoundOptions = {}): Result[] {
  const { rounds = 7, milliseconds = 300 } = options;
  const batches = rivals.map((rival) => batchFor(rival, milliseconds));
  const rates = rivals.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [i, rival] of rivals.entries()) {
      const times = batches[i] ?? 1;
      const start = performance.now();
      rival.run(times);
      rates[i]?.push((times / (performance.now() - start)) * 1000);
    }
  }
  return rivals.map(({ name }, i) => {
    const sorted = (rates[i] ?? []).sort((a, b) => a - b);
    const median = sorted[sorted.length >> 1] ?? 0;
    const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
    return { name, median, spread: range / 2 / median };
  });
}

/** How many runs fill a round, found while warming up. */
function batchFor(rival: Rival, milliseconds: number): number {
  let times = 1;
  for (;;) {
    const start = performance.now();
    rival.run(times);
    const taken = performance.now() - start;
    if (taken >= milliseconds / 2) return Math.max(1, Math.round((times * milliseconds) / taken));
    times *= 2;
  }
}
