// Makes calls fewer: what one computes and another reads is computed where it is read, and calls
// over the same loops that read the same arrays become one. Nothing is written over as long as
// results are not placed, so that a call may move to wherever its operands are complete.

import { rootsOf } from "../dependence.js";
import { type Expr, type Load, walk } from "../expr.js";
import type { Intrinsic } from "../intrinsics.js";
import type { Kernel } from "../kernel.js";
import { sizeOf } from "../layout.js";
import { Draft } from "./draft.js";
import { viewKey, viewOf } from "./normalize.js";
import type { KernelCall, Program, ProgramCall } from "./program.js";
import { fuseCalls, haveEqualOuterAxes } from "./substitute.js";
import { countOperations, isLargeProduct, workOf } from "./work.js";

/** Kernels beyond these sizes run slower than their parts. */
const limits = { inputs: 12, outputs: 6, operations: 200 };

/** Results of fewer elements fit a fast cache, so that the order they are walked in is free. */
const cached = 1 << 14;

/** What may be computed again at every reader: no more operations and reads than this. */
const cheap = { operations: 6, inputs: 2 };

/** Siblings that a call is compared with, nearest first: of what all calls share there are many. */
const nearest = 16;

/** `program`, whose calls are in normal form, with as few calls as pays. */
export function fuse(program: Program): Program {
  const pair = pairs();
  const draft = new Draft(program);
  for (let before = -1; before !== draft.count; ) {
    before = draft.count;
    sweep(draft, intoAll, pair);
    // What no longer goes through memory at all comes before the rest.
    if (before === draft.count) sweep(draft, intoOne, pair);
  }
  sweep(draft, withSibling, pair);
  return draft.program();
}

/** Offers every call to `step`, which makes it a part of others if that pays. */
function sweep(draft: Draft, step: (production: Production) => boolean, pair: Pair): void {
  for (let p = 0; p < draft.length; p++) {
    const producer = draft.call(p);
    if (producer === undefined || !isWhole(producer, draft)) continue;
    // Calls may have moved: what is in this place now has its turn too.
    if (step({ draft, p, producer, pair })) p--;
  }
}

/** A kernel call, number `p` of a program, that may become part of others. */
interface Production {
  readonly draft: Draft;
  readonly p: number;
  readonly producer: KernelCall;
  readonly pair: Pair;
}

/** The two calls as one that writes the outputs `kept` of the first, too, if that pays. */
type Pair = (
  producer: KernelCall,
  reader: KernelCall,
  kept: readonly number[],
) => KernelCall | undefined;

/** Whether a call is a kernel that writes temporaries no other call writes to. */
function isWhole(call: ProgramCall, draft: Draft): call is KernelCall {
  return (
    call.kind === "kernel" &&
    call.outputs.every(
      ({ buffer }) =>
        draft.buffers[buffer]?.role === "temporary" && draft.writersOf(buffer).length === 1,
    ) &&
    call.kernel.outputs.every((output) => output.dtype !== "float16")
  );
}

/** `producer` computed by each of its readers. */
function intoAll({ draft, p, producer, pair }: Production): boolean {
  const readers = draft.readersOf(producer);
  if (readers.length === 0 || (readers.length > 1 && !isCheap(producer.kernel))) return false;
  if (producer.outputs.some((view) => draft.results.has(view.buffer))) return false;
  const all = readers.map((r) => {
    const reader = draft.call(r);
    return reader?.kind === "kernel" ? pair(producer, reader, []) : undefined;
  });
  if (all.some((fused) => fused === undefined)) return false;
  for (const [i, r] of readers.entries()) draft.put(r, all[i]);
  draft.put(p, undefined);
  return true;
}

/** `producer` and one reader made one call, which writes what others need. */
function intoOne({ draft, p, producer, pair }: Production): boolean {
  const readers = draft.readersOf(producer);
  for (const r of readers) {
    const reader = draft.call(r);
    if (reader?.kind !== "kernel") continue;
    const kept = producer.outputs.flatMap((view, o) =>
      draft.results.has(view.buffer) || draft.readersOf({ outputs: [view] }).some((x) => x !== r)
        ? [o]
        : [],
    );
    const fused = pair(producer, reader, kept);
    if (fused !== undefined && draft.join(p, r, fused)) return true;
  }
  return false;
}

/** `producer` and a later call over the same loops that shares an input, neither with stages. */
function withSibling({ draft, p, producer, pair }: Production): boolean {
  if (producer.kernel.stages.length > 0) return false;
  const all = [...producer.outputs.keys()];
  const later = draft.readersOf({ outputs: producer.inputs }).filter((r) => r > p);
  for (const r of later.slice(0, nearest)) {
    const sibling = draft.call(r);
    if (sibling === undefined || !isWhole(sibling, draft) || !areAlike(producer, sibling)) continue;
    const joined = pair(producer, sibling, all);
    if (joined !== undefined && draft.join(p, r, joined)) return true;
  }
  return false;
}

function areAlike(a: KernelCall, b: KernelCall): boolean {
  if (b.kernel.stages.length > 0 || !haveEqualOuterAxes(a.kernel, b.kernel)) return false;
  const views = new Set(a.inputs.map(viewKey));
  return b.inputs.some((view) => views.has(viewKey(view)));
}

/** Fuses pairs of calls, each once: most are asked for again after every change. */
function pairs(): Pair {
  const numbers = new Map<KernelCall, number>();
  const number = (call: KernelCall): number => {
    const known = numbers.get(call) ?? numbers.size;
    numbers.set(call, known);
    return known;
  };
  const known = new Map<string, KernelCall | undefined>();
  return (producer, reader, kept) => {
    if (reader.outputs.length + kept.length > limits.outputs) return undefined;
    const key = `${number(producer)} ${number(reader)} ${kept}`;
    if (!known.has(key)) {
      const fused = isWorthComputing(producer, reader) && fuseCalls(producer, reader, kept);
      known.set(key, fused && keepsItsPace(fused, [producer, reader]) ? fused : undefined);
    }
    return known.get(key);
  };
}

/** Whether `reader` does not compute the elements of `producer` much more often than it does. */
function isWorthComputing(producer: KernelCall, reader: KernelCall): boolean {
  const written = new Set(producer.outputs.map((view) => view.buffer));
  const { kernel } = reader;
  const isRead = (expr: Expr): expr is Load =>
    expr.kind === "load" && written.has(viewOf(reader, expr).buffer);
  const large = isLargeProduct(kernel) ? kernel.stages[kernel.contraction?.stage ?? -1] : undefined;
  let inProduct = false;
  if (large !== undefined)
    walk([large.value], (expr) => {
      inProduct ||= isRead(expr);
    });
  if (inProduct) return false;
  if (producer.kernel.stages.length === 0 && isCheap(producer.kernel)) return true;
  // Stages decide the order of loops, so that those of the producer may turn the loops around it;
  // whether they run once is seen when they are there.
  const work = workOf(kernel);
  const count = producer.kernel.stages.length > 0 ? work.positionsOf : work.turnsOf;
  let turns = 0;
  walk(rootsOf(kernel), (expr) => {
    if (isRead(expr)) turns += count(expr);
  });
  // Twice is as in a softmax, whose exponentials are summed and then divided.
  const { axes, outer } = producer.kernel;
  return turns <= 2 * sizeOf(axes.slice(0, outer).map(Number)) * producer.outputs.length;
}

/** Whether a fused call has a size that compiles well and no stage that runs more often than before. */
function keepsItsPace({ kernel, inputs }: KernelCall, parts: readonly KernelCall[]): boolean {
  if (inputs.length > limits.inputs || kernel.outputs.length > limits.outputs) return false;
  if (countOperations(rootsOf(kernel)) > limits.operations) return false;
  const products = parts.filter((part) => isLargeProduct(part.kernel));
  if (products.length > 0) {
    // A large product keeps its loops, and has them for itself.
    const [{ kernel: product } = { kernel }] = products;
    const isAlone = products.length === 1 && kernel.stages.length === 1;
    if (!isAlone || !isLargeProduct(kernel) || !haveEqualOuterAxes(kernel, product)) return false;
    if (`${kernel.contraction?.m}` !== `${product.contraction?.m}`) return false;
  }
  return stagesRunOnce(kernel) && isWalkedInOrder(kernel);
}

/** Whether every stage is computed once for each position of the axes it depends on. */
function stagesRunOnce(kernel: Kernel): boolean {
  const work = workOf(kernel);
  return work.stages.every(({ turns, positions }) => turns <= positions);
}

/** Whether the outer loops of a kernel run in the order of its output, or the order does not matter. */
function isWalkedInOrder(kernel: Kernel): boolean {
  const size = sizeOf(kernel.axes.slice(0, kernel.outer).map(Number));
  return size <= cached || workOf(kernel).order.every((axis, i) => axis === i);
}

/** Whether computing an element is no slower than reading it. */
function isCheap(kernel: Kernel): boolean {
  const roots = rootsOf(kernel);
  let hasSlow = false;
  walk(roots, (expr) => {
    hasSlow ||= expr.kind === "call" && slow.includes(expr.fn);
  });
  return (
    kernel.stages.length === 0 &&
    !hasSlow &&
    kernel.inputs.length <= cheap.inputs &&
    countOperations(roots) <= cheap.operations
  );
}

// biome-ignore format: one line for each group
const slow: readonly Intrinsic[] = [
  "pow", "mod", "floorDiv", "exp", "expm1", "log", "log1p", "log2", "log10",
  "sin", "cos", "tan", "asin", "acos", "atan", "atan2",
  "sinh", "cosh", "tanh", "asinh", "acosh", "atanh",
];
