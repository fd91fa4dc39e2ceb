// What an engine makes of a task.

import type { Batch, Call, Training } from "./task.js";

/** A task that an engine is ready to do. */
export interface Runner {
  /** What must agree between engines: the first losses, or elements of the result. */
  values(): ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Does the task `times` times. */
  run(times: number): void | Promise<void>;
}

/** The tasks an engine can do. A refusal is an error; its text is what the table says. */
export interface Tasks {
  training?(task: Training): Runner | Promise<Runner>;
  call?(task: Call): Runner | Promise<Runner>;
}

/** How an engine trains. */
export interface Trainer<Given> {
  /** Makes a batch the engine's own. */
  give(batch: Batch): Given;
  /** One step; returns the loss before it. */
  step(batch: Given): number;
  /** Frees what `give` made, where that is not done by itself. */
  release?(batch: Given): void;
}

/** Takes one batch after the other, and begins again. */
export function trainingRunner<Given>(task: Training, trainer: Trainer<Given>): Runner {
  const { batches, checkedSteps, resident } = task;
  const given = resident ? batches.map((batch) => trainer.give(batch)) : [];
  let next = 0;
  const once = (): number => {
    const index = next++ % batches.length;
    if (resident) return trainer.step(given[index] as Given);
    const batch = trainer.give(batches[index] as Batch);
    const loss = trainer.step(batch);
    trainer.release?.(batch);
    return loss;
  };
  return {
    values: () => Array.from({ length: checkedSteps }, once),
    run: (times) => {
      for (let i = 0; i < times; i++) once();
    },
  };
}

/** Calls a function whose result is ready when it returns; `release` frees that, where needed. */
export function callRunner<Result>(
  call: () => Result,
  read: (result: Result) => ArrayLike<number>,
  release: (result: Result) => void = () => {},
): Runner {
  return {
    values: () => {
      const result = call();
      // A copy: what is read may be the memory of the result.
      const values = Array.from(read(result));
      release(result);
      return values;
    },
    run: (times) => {
      for (let i = 0; i < times; i++) release(call());
    },
  };
}
