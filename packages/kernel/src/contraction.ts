// Matrix products, whatever they are called: sums of a product of two loads. A generator that has a
// fast loop for them reads the note that is recognised or verified here.

import { complaint } from "./errors.js";
import type { Expr, Load } from "./expr.js";
import type { ContractionNote, Kernel, Stage } from "./kernel.js";

/**
 * The note of the first stage of `kernel` that is a (batched) product of matrices or of a matrix and
 * a vector, if there is one.
 *
 * @example
 * recognizeContraction(matmul) // => { stage: 0, a: 0, b: 1, batch: [], m: [0], n: [1], k: [2] }
 */
export function recognizeContraction(kernel: Kernel): ContractionNote | undefined {
  for (const [s, stage] of kernel.stages.entries()) {
    const loads = factors(stage);
    if (loads === undefined) continue;
    const [a, b] = loads.map((load) => plainAxes(load));
    if (a === undefined || b === undefined) continue;
    const isOuter = (axis: number): boolean => axis < kernel.outer;
    const inBoth = ascending(a.filter((axis) => b.includes(axis)));
    const m = ascending(a.filter((axis) => !b.includes(axis)));
    const n = ascending(b.filter((axis) => !a.includes(axis)));
    const summed = inBoth.filter((axis) => !isOuter(axis));
    const isSummed = `${summed}` === `${ascending(stage.axes)}`;
    if (m.length + n.length === 0 || ![...m, ...n].every(isOuter) || !isSummed) continue;
    const [{ input: left }, { input: right }] = loads;
    return { stage: s, a: left, b: right, batch: inBoth.filter(isOuter), m, n, k: stage.axes };
  }
  return undefined;
}

/** What is untrue in `note` about `kernel`; empty when generators may rely on it. */
export function verifyContraction(kernel: Kernel, note: ContractionNote): string[] {
  const stage = kernel.stages[note.stage];
  const loads = stage === undefined ? undefined : factors(stage);
  if (stage === undefined || loads === undefined)
    return [`stage ${note.stage} must be the sum of a product of two unguarded loads`];
  const complaints: string[] = [];
  const expect = (holds: string, expected: unknown, got: unknown): void => {
    if (`${expected}` !== `${got}`) complaints.push(complaint(holds, expected, got));
  };
  const { batch, m, n, k } = note;
  expect(
    "the contraction must multiply its inputs",
    [note.a, note.b],
    loads.map((l) => l.input),
  );
  expect("k must be the axes of the stage", ascending(stage.axes), ascending(k));
  for (const axis of [...batch, ...m, ...n])
    if (axis >= kernel.outer) complaints.push(`axis ${axis} must be an outer one`);
  for (const [load, rows, name] of [[loads[0], m, "a"] as const, [loads[1], n, "b"] as const]) {
    const axes = plainAxes(load);
    if (axes === undefined) complaints.push(`${name} must be indexed by plain, distinct axes`);
    else
      expect(
        `axes of ${name} must be those of the note`,
        ascending([...batch, ...rows, ...k]),
        ascending(axes),
      );
  }
  return complaints;
}

/** The two loads whose product a sum runs over, casts aside. */
function factors(stage: Stage): readonly [Load, Load] | undefined {
  const product = withoutCasts(stage.value);
  if (stage.reduce !== "sum" || product.kind !== "call" || product.fn !== "mul") return undefined;
  const [a, b] = product.args.map(withoutCasts);
  return isPlainLoad(a) && isPlainLoad(b) ? [a, b] : undefined;
}

function withoutCasts(expr: Expr): Expr {
  return expr.kind === "cast" ? withoutCasts(expr.value) : expr;
}

function isPlainLoad(expr: Expr | undefined): expr is Load {
  return expr?.kind === "load" && expr.guard === undefined;
}

/** The axes a load moves with, or undefined unless each index is an axis of its own. */
function plainAxes(load: Load): number[] | undefined {
  const axes = load.index.map((index) => (index.kind === "coord" ? index.axis : -1));
  return axes.includes(-1) || new Set(axes).size < axes.length ? undefined : axes;
}

function ascending(axes: readonly number[]): number[] {
  return [...axes].sort((a, b) => a - b);
}
