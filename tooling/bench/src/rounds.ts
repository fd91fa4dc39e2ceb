// Turns: A B C, A B C, … so that what disturbs one disturbs all.

/** One that takes part: each turn gives a sample. */
export interface Turn {
  /** After so many it sits out. */
  readonly rounds: number;
  take(): Promise<number>;
}

/** The samples of one that took part, or the error that ended it. */
export type Samples = readonly number[] | Error;

/** Lets all take turns. One that fails is left out from then on. */
export async function inTurns(all: readonly Turn[]): Promise<Samples[]> {
  const entries = all.map((turn) => ({
    turn,
    samples: [] as number[],
    error: null as Error | null,
  }));
  const rounds = Math.max(0, ...all.map((turn) => turn.rounds));
  for (let round = 0; round < rounds; round++) {
    for (const entry of entries) {
      if (entry.error !== null || round >= entry.turn.rounds) continue;
      try {
        entry.samples.push(await entry.turn.take());
      } catch (error) {
        entry.error = asError(error);
      }
    }
  }
  return entries.map(({ samples, error }) => error ?? samples);
}

/** Does its work `times` times and resolves to the milliseconds that took. */
export type Timed = (times: number) => Promise<number>;

/** Rounds and their length. */
export interface RoundOptions {
  readonly rounds: number;
  readonly seconds: number;
}

/** Runs per second of all, timed in turns. */
export async function rates(all: readonly Timed[], options: RoundOptions): Promise<Samples[]> {
  const turns: Turn[] = [];
  for (const timed of all) turns.push(await rounded(timed, options));
  return inTurns(turns);
}

/** Work that takes longer than this, in seconds, has few rounds. */
const slow = 2;
const fewRounds = 3;

/** Warms up for two rounds at least, and finds how often the work fits into one. */
async function rounded(timed: Timed, { rounds, seconds }: RoundOptions): Promise<Turn> {
  try {
    let times = 1;
    let spent = 0;
    for (;;) {
      const taken = await timed(times);
      spent += taken;
      const fitting = (times * seconds * 1000) / taken;
      if (spent >= 2 * seconds * 1000) {
        const count = Math.max(1, Math.round(fitting));
        return {
          rounds: taken / times > slow * 1000 ? Math.min(rounds, fewRounds) : rounds,
          take: async () => (count / (await timed(count))) * 1000,
        };
      }
      times = Math.ceil(Math.min(times * 10, Math.max(1, fitting)));
    }
  } catch (error) {
    return { rounds: 1, take: () => Promise.reject(error) };
  }
}

/** The median, and the distance of the extremes relative to it. */
export function summarize(values: readonly number[]): { median: number; spread: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
  return { median, spread: ((sorted.at(-1) ?? 0) - (sorted[0] ?? 0)) / median };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
