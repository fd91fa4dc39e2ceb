// Faults of whole programs: what their kernels are run on, when, and what becomes of it.

import type { Backend } from "@chainrule/core";
import type { Program } from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { type Place, withPrograms } from "../programs.js";
import { elementsOf, writeElements } from "../wrap.js";

export const programFaults: readonly BrokenBackend[] = [
  {
    fault: "runs the kernels of a program in another order",
    caughtBy: ["programs > two functions share a model"],
    wrap: (good) => withPrograms(good, () => ({ order: (calls) => calls.toReversed() })),
  },
  {
    fault: "adds to what the run before left in the memory of a program",
    caughtBy: ["programs > two functions share a model"],
    wrap: (good) =>
      withPrograms(good, ({ buffers }) => {
        let isFirst = true;
        return {
          call: ({ outputs: views }, outputs, run) => {
            const kept = outputs.filter((_, i) => {
              const index = views[i]?.buffer ?? -1;
              return !isFirst && buffers[index]?.role === "temporary";
            });
            const before = kept.map((operand) => elementsOf(good, operand));
            run();
            for (const [i, operand] of kept.entries()) {
              const sums = elementsOf(good, operand).map((x, at) => x + (before[i]?.[at] ?? 0));
              writeElements(good, operand, sums);
            }
          },
          all: (run) => {
            run();
            isFirst = false;
          },
        };
      }),
  },
  {
    fault: "reads arrays from their start, wherever an argument begins",
    caughtBy: ["add > float32 > spaced, compiled"],
    wrap: (good) =>
      withPrograms(good, () => ({ bind: (_, { buffer }) => ({ buffer, offset: 0 }) })),
  },
  {
    fault: "stays with the arguments of the first call",
    caughtBy: ["add > float32 > values, compiled"],
    wrap: (good) =>
      withPrograms(good, (program) => {
        const bound = new Set<number>();
        return {
          bind: (index, place) => {
            if (program.buffers[index]?.role !== "input") return place;
            if (bound.has(index)) return undefined;
            bound.add(index);
            return place;
          },
        };
      }),
  },
  {
    fault: "takes over the elements of captured tensors once and not at each run",
    caughtBy: ["programs > two functions share a model"],
    wrap: (good) =>
      withPrograms(good, (program) => ({
        bind: (index, place) =>
          program.buffers[index]?.role === "input" ? copied(good, program, index, place) : place,
      })),
  },
  {
    fault: "changes a copy of captured tensors",
    caughtBy: ["assign > a target may be computed from itself, compiled"],
    wrap: (good) =>
      withPrograms(good, (program) => ({
        bind: (index, place) =>
          program.buffers[index]?.role === "state" ? copied(good, program, index, place) : place,
      })),
  },
  {
    fault: "gives the results of the call before",
    caughtBy: ["add > float32 > values, compiled"],
    wrap: (good) =>
      withPrograms(good, ({ buffers }) => {
        const outputs = [...buffers.keys()].filter((i) => buffers[i]?.role === "output");
        let before: number[][] | undefined;
        return {
          all: (run, operandOf) => {
            run();
            const now = outputs.map((index) => elementsOf(good, operandOf(index)));
            for (const [i, index] of outputs.entries())
              writeElements(good, operandOf(index), before?.[i] ?? now[i] ?? []);
            before = now;
          },
        };
      }),
  },
];

/** The elements from `place` on that a program sees, in an array of their own. */
function copied(good: Backend, { buffers }: Program, index: number, place: Place): Place {
  const { length = 0, dtype = "float32" } = buffers[index] ?? {};
  const data = good.readSync?.(place.buffer, place.offset, length);
  if (data === undefined) throw new Error("faults are put into backends that read at once");
  return { buffer: good.upload(data, dtype), offset: 0 };
}
