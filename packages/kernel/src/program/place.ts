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
  const placement = new Placement(separate);
  for (const result of separate.results) {
    if (placement.place(result)) continue;
    const value = placement.copy(result.value);
    if (!placement.place({ ...result, value }))
      throw new RangeError(`result ${result.target} cannot be copied`);
  }
  return { ...program, ...placement.finish(), results: [] };
}

/** Calls, some of whose buffers are to be others, and what must run before what for that. */
class Placement {
  readonly #calls: ProgramCall[];
  readonly #buffers: Program["buffers"][number][];
  readonly #writers: (readonly number[])[];
  readonly #readers: (readonly number[])[];
  readonly #successors: Set<number>[];
  /** Where the elements of a buffer are to be written. */
  readonly #targets = new Map<number, number>();

  constructor(program: Program) {
    this.#calls = [...program.calls];
    this.#buffers = [...program.buffers];
    const uses = usesOf(program);
    this.#writers = [...uses.writers];
    this.#readers = [...uses.readers];
    this.#successors = successorsOf(uses, program.calls.length);
  }

  /** Has `value` written to `target`; false if the order of calls does not allow it. */
  place({ target, value }: Result): boolean {
    const ofOld = this.#readers[target] ?? [];
    const ofValue = this.#writers[value] ?? [];
    const both = ofValue.find((writer) => ofOld.includes(writer));
    const call = both === undefined ? undefined : this.#calls[both];
    const inPlace = call?.kind === "kernel" ? readingInPlace(call, value, target) : undefined;
    if (both !== undefined && (inPlace === undefined || ofValue.length > 1)) return false;
    // Who reads the old value runs before who writes the new one.
    const earlier = (writer: number): number[] => ofOld.filter((reader) => reader !== writer);
    if (ofValue.some((writer) => this.#leadsTo(writer, new Set(earlier(writer))))) return false;
    for (const writer of ofValue)
      for (const reader of earlier(writer)) this.#successors[reader]?.add(writer);
    if (both !== undefined && inPlace !== undefined) this.#calls[both] = inPlace;
    this.#targets.set(value, target);
    return true;
  }

  /** Adds a copy of `value`, and gives its buffer. */
  copy(value: number): number {
    const { call, buffer } = copyOf(this.#buffers, value);
    const place = this.#calls.push(call) - 1;
    this.#successors.push(new Set());
    for (const writer of this.#writers[value] ?? []) this.#successors[writer]?.add(place);
    this.#readers[value] = [...(this.#readers[value] ?? []), place];
    this.#writers[buffer] = [place];
    return buffer;
  }

  finish(): Pick<Program, "buffers" | "calls"> {
    const sorted = sortCalls(this.#calls, this.#successors) ?? this.#calls;
    const rename = (view: View): View => ({
      ...view,
      buffer: this.#targets.get(view.buffer) ?? view.buffer,
    });
    const calls = sorted.map((call) => ({
      ...call,
      inputs: call.inputs.map(rename),
      outputs: call.outputs.map(rename),
    }));
    return { buffers: this.#buffers, calls };
  }

  /** Whether one of `targets` must run after `call`. */
  #leadsTo(call: number, targets: ReadonlySet<number>): boolean {
    const seen = new Set([call]);
    for (const at of seen) {
      for (const next of this.#successors[at] ?? []) {
        if (targets.has(next)) return true;
        seen.add(next);
      }
    }
    return false;
  }
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
