// Faults of what a backend does without kernels, whose kernels are right.

import type { Backend, OpOverride, ScanReducer } from "@chainrule/core";
import { isFloat, layout, type Operand } from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { rankWith, scanWith, scatterWith } from "../routines.js";
import { broken, elementsOf, writeElements } from "../wrap.js";

export const overrideFaults: readonly BrokenBackend[] = [
  {
    fault: "has an override that takes every array for row-major",
    caughtBy: [
      "neg > overrides and routines give what kernels give",
      "neg > float32 > transposed",
      "neg > float32 > reversed",
    ],
    wrap: (good) =>
      withOverride(good, "neg", {
        accepts: () => true,
        run: ([x], [output]) => negate(good, x && { ...x, layout: layout(x.layout.shape) }, output),
      }),
  },
  {
    fault: "has an override whose accepts depends on what was asked before",
    caughtBy: ["neg > overrides and routines give what kernels give"],
    wrap: (good) => {
      let asked = 0;
      return withOverride(good, "neg", {
        accepts: () => asked++ % 2 === 0,
        run: ([x], [output]) => negate(good, x, output),
      });
    },
  },
  {
    fault: "has an override of an operation that is called otherwise",
    caughtBy: ["overrides > each one, and each routine, is run by some case"],
    wrap: (good) =>
      withOverride(good, "negative", {
        accepts: () => true,
        run: ([x], [output]) => negate(good, x, output),
      }),
  },
  {
    fault: "has an override that leaves out elements which are repeated",
    caughtBy: ["neg > overrides and routines give what kernels give", "neg > float32 > expanded"],
    wrap: (good) =>
      withOverride(good, "neg", {
        accepts: () => true,
        run: ([x], [output]) => {
          const repeats = x?.layout.strides.some(
            (stride, axis) => stride === 0 && extent(x, axis) > 1,
          );
          if (repeats !== true) negate(good, x, output);
        },
      }),
  },
  {
    fault: "scatters to the nearest place what belongs to none",
    caughtBy: [
      "scatterAdd > overrides and routines give what kernels give",
      "scatterAdd > float32 > forward 5",
    ],
    wrap: (good) => {
      const nearest = (at: number, n: number): number => Math.min(Math.max(at, 0), n - 1);
      const scatterAdd = scatterWith(good, nearest, (sum, value) => sum + value);
      return broken(good, { routines: { scatterAdd } });
    },
  },
  {
    fault: "loses NaN in running maxima",
    caughtBy: [
      "cumulativeMax > overrides and routines give what kernels give",
      "cumulativeMax > float32 > edges 1",
    ],
    wrap: (good) =>
      withScan(good, "max", (total, next) =>
        next <= total ? total : Number.isNaN(next) ? total : next,
      ),
  },
  {
    fault: "adds up ints in float32",
    caughtBy: [
      "cumulativeSum > overrides and routines give what kernels give",
      "cumulativeSum > long lines of ints wrap, along every axis",
    ],
    wrap: (good) => withScan(good, "sum", (total, next) => Math.fround(total + next)),
  },
  {
    fault: "sorts downwards by sorting upwards and turning around, equal elements too",
    caughtBy: [
      "argsort > overrides and routines give what kernels give",
      "argsort > descending > float32 > forward 1",
      "argsort > keeps the order of equal elements in long lines, both ways",
    ],
    wrap: (good) => {
      const rank = rankWith(good, (line, descending) => {
        const upwards = [...line.keys()].sort((a, b) => compare(line[a] ?? 0, line[b] ?? 0));
        return descending ? upwards.reverse() : upwards;
      });
      return broken(good, { routines: { rank } });
    },
  },
];

function withOverride(good: Backend, name: string, override: OpOverride): Backend {
  return broken(good, { ops: { [name]: override } });
}

/** Writes -x as the kernels do: 0 - 0 is 0 for ints. */
function negate(good: Backend, x: Operand | undefined, output: Operand | undefined): void {
  if (x === undefined || output === undefined) return;
  const negated = elementsOf(good, x).map((each) => (isFloat(x.dtype) ? -each : 0 - each));
  writeElements(good, output, negated);
}

function extent(x: Operand, axis: number): number {
  return x.layout.shape[axis] ?? 1;
}

/** A scan that goes wrong in one reduction. */
function withScan(
  good: Backend,
  reduce: ScanReducer,
  combine: (total: number, next: number) => number,
): Backend {
  const right: Readonly<Record<ScanReducer, (total: number, next: number) => number>> = {
    sum: (total, next) => total + next,
    prod: (total, next) => total * next,
    max: Math.max,
    min: Math.min,
  };
  const scan = scanWith(good, (asked, total, next) =>
    (asked === reduce ? combine : right[asked])(total, next),
  );
  return broken(good, { routines: { scan } });
}

/** NaN last. */
function compare(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  return a - b;
}
