// output[i] = x[0] ∘ … ∘ x[i] along an axis: one walk along each line.

import type { ScanReducer } from "@chainrule/core";
import { isFloat, type Operand } from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";
import { eachLine } from "./rows.js";

/** See `Routines.scan` of the backend contract. */
export function scan(x: Operand, axis: number, reduce: ScanReducer, output: Operand): void {
  const from = (x.buffer as JsBuffer).data;
  const to = (output.buffer as JsBuffer).data;
  const wraps = !isFloat(output.dtype);
  eachLine([x, output], axis, (count, [first = 0, outFirst = 0], [step = 0, outStep = 0]) => {
    let total = starts[reduce];
    for (let i = 0, f = first, t = outFirst; i < count; i++) {
      total = combine(reduce, total, from[f] as number, wraps);
      to[t] = total;
      f += step;
      t += outStep;
    }
  });
}

const starts: Readonly<Record<ScanReducer, number>> = {
  sum: 0,
  prod: 1,
  max: -Infinity,
  min: Infinity,
};

/** One function for all: a call of one of several is not inlined, and was 5 times slower. */
function combine(reduce: ScanReducer, total: number, next: number, wraps: boolean): number {
  switch (reduce) {
    case "sum":
      return wraps ? (total + next) | 0 : total + next;
    case "prod":
      return wraps ? Math.imul(total, next) : total * next;
    case "max":
      return Math.max(total, next);
    case "min":
      return Math.min(total, next);
    default:
      return reduce satisfies never;
  }
}
