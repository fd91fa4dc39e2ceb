// Lets results be written where they are wanted. The last rewrite but one: from here on a buffer may
// be written over, so that the order of calls counts.

import { coord, type Expr, load, rewriteExpr, walk } from "../expr.js";
import { type Kernel, operandSpec } from "../kernel.js";
import { layout } from "../layout.js";
import { firstCoords } from "./affine.js";
import { isInStep, viewOf } from "./normalize.js";
import { sortCalls, successorsOf, usesOf } from "./order.js";
import type { KernelCall, Program, ProgramCall, Result, View } from "./program.js";

/**
 * `program`, whose calls are in normal form, with calls that write states and outputs themselves,
 * and without results. The call that computes the new value of a state writes it if all others that
 * read the old value can run before, and it reads the old value itself only at the position that it
 * writes. Everywhere else a copy at the end does it.
 */
export function placeResults(program: Program): Program {
  const separate = withOwnValues(program);
  const { buffers } = separate;
  const added = [...buffers];
  let calls = [...separate.calls];
  let earlier: readonly Earlier[] = [];
  const placed = new Map<number, number>();
  for (const result of separate.results) {
    const attempt = place(result, calls, added, earlier);
    if (attempt !== undefined) {
      ({ calls, earlier } = attempt);
      placed.set(result.value, result.target);
      continue;
    }
    const copy = copyOf(added, result.value);
    calls = [...calls, copy.call];
    const last = place({ ...result, value: copy.buffer }, calls, added, earlier);
    if (last === undefined) throw new RangeError(`result ${result.target} cannot be copied`);
    ({ calls, earlier } = last);
    placed.set(copy.buffer, result.target);
  }
  const sorted = inOrder(calls, added, earlier) ?? calls;
  const rename = (view: View): View => ({
    ...view,
    buffer: placed.get(view.buffer) ?? view.buffer,
  });
  return {
    ...program,
    buffers: added,
    calls: sorted.map((call) => ({
      ...call,
      inputs: call.inputs.map(rename),
      outputs: call.outputs.map(rename),
    })),
    results: [],
  };
}

/** Call `before` reads what call `after` writes over. */
interface Earlier {
  readonly before: number;
  readonly after: number;
}

/** Calls and their order once a result is written in its place; none if they do not allow it. */
function place(
  { target, value }: Result,
  calls: readonly ProgramCall[],
  buffers: Program["buffers"],
  earlier: readonly Earlier[],
): { readonly calls: ProgramCall[]; readonly earlier: readonly Earlier[] } | undefined {
  const { writers, readers } = usesOf({ buffers, calls });
  const ofOld = readers[target] ?? [];
  const ofValue = writers[value] ?? [];
  const changed = [...calls];
  for (const writer of ofValue) {
    if (!ofOld.includes(writer)) continue;
    const call = calls[writer];
    const inPlace = call?.kind === "kernel" ? readingInPlace(call, value, target) : undefined;
    if (inPlace === undefined || ofValue.length > 1) return undefined;
    changed[writer] = inPlace;
  }
  const more = ofOld.flatMap((before) =>
    ofValue.flatMap((after) => (before === after ? [] : { before, after })),
  );
  const all = [...earlier, ...more];
  return inOrder(changed, buffers, all) && { calls: changed, earlier: all };
}

function inOrder(
  calls: readonly ProgramCall[],
  buffers: Program["buffers"],
  earlier: readonly Earlier[],
): readonly ProgramCall[] | undefined {
  const successors = successorsOf(usesOf({ buffers, calls }), calls.length);
  for (const { before, after } of earlier) successors[before]?.add(after);
  return sortCalls(calls, successors);
}

/** `program` with a temporary of its own for each result that is not the value of its target. */
function withOwnValues(program: Program): Program {
  const buffers = [...program.buffers];
  const calls = [...program.calls];
  const taken = new Set<number>();
  const results = program.results.flatMap(({ target, value }): Result[] => {
    if (target === value) return [];
    if (buffers[value]?.role === "temporary" && !taken.has(value)) {
      taken.add(value);
      return [{ target, value }];
    }
    const copy = copyOf(buffers, value);
    calls.push(copy.call);
    return [{ target, value: copy.buffer }];
  });
  return { ...program, buffers, calls, results };
}

/** A call that copies a buffer to a new temporary, which is added to `buffers`. */
function copyOf(
  buffers: Program["buffers"][number][],
  original: number,
): { readonly call: KernelCall; readonly buffer: number } {
  const { dtype, length, label } = buffers[original] ?? noBuffer;
  const buffer = buffers.push({ role: "temporary", dtype, length, label }) - 1;
  const all = layout(length === 1 ? [] : [length]);
  const spec = operandSpec(dtype, all);
  const kernel: Kernel = {
    name: "copy",
    outer: all.ndim,
    axes: all.shape,
    inputs: [spec],
    scalars: [],
    stages: [],
    outputs: [
      {
        ...spec,
        value: load(
          0,
          dtype,
          all.shape.map((_, d) => coord(d)),
        ),
      },
    ],
  };
  const inputs = [{ buffer: original, layout: all, offset: 0 }];
  const outputs = [{ buffer, layout: all, offset: 0 }];
  return { call: { kind: "kernel", kernel, inputs, outputs, origins: [] }, buffer };
}

const noBuffer = { dtype: "float32", length: 0, label: "" } as const;

/**
 * `call`, which writes `value`, such that `value` may be `target`, which it reads: it must read each
 * element only where it writes it, and outside of stages. Undefined where it does not.
 */
function readingInPlace(call: KernelCall, value: number, target: number): KernelCall | undefined {
  const { kernel } = call;
  const o = call.outputs.findIndex((view) => view.buffer === value);
  const written = call.outputs[o];
  if (written === undefined) return undefined;
  const isTarget = (expr: Expr): boolean =>
    expr.kind === "load" && call.inputs[expr.input]?.buffer === target;
  let isSafe = true;
  walk(
    kernel.stages.map((stage) => stage.value),
    (expr) => {
      if (isTarget(expr)) isSafe = false;
    },
  );
  const inputs = new Set<number>();
  walk(
    kernel.outputs.map((output) => output.value),
    (expr) => {
      if (expr.kind !== "load" || !isTarget(expr)) return;
      inputs.add(expr.input);
      isSafe &&= isInStep(call, expr, written) && viewOf(call, expr).offset === written.offset;
    },
  );
  const [aliases] = inputs;
  if (!isSafe || inputs.size !== 1 || aliases === undefined) return undefined;

  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) =>
        node.kind === "load" && node.input === aliases
          ? load(aliases, node.dtype, firstCoords(kernel.outer))
          : node,
      done,
    );
  const outputs = kernel.outputs.map((output, i) => {
    const rewritten = { ...output, value: rewrite(output.value) };
    return i === o ? { ...rewritten, aliases } : rewritten;
  });
  const spec = (dtype = kernel.inputs[aliases]?.dtype ?? "float32"): Kernel["inputs"][number] =>
    operandSpec(dtype, written.layout);
  return {
    ...call,
    inputs: call.inputs.map((view, i) => (i === aliases ? { ...written, buffer: target } : view)),
    kernel: {
      ...kernel,
      inputs: kernel.inputs.map((input, i) => (i === aliases ? spec() : input)),
      outputs,
    },
  };
}
