// The rewrites of a program, in the order that lets each find the most.

import { coalesce } from "../coalesce.js";
import { simplifyKernel } from "../simplify.js";
import { readOriginals, shareCalls, withoutDeadCalls } from "./clean.js";
import { foldConstants } from "./constants.js";
import { fuse } from "./fuse.js";
import { normalizeCall } from "./normalize.js";
import { placeResults } from "./place.js";
import type { KernelCall, Program } from "./program.js";
import { withNeededRounding } from "./rounding.js";

/**
 * An equal program with less to do: constants are computed, repeated and unneeded calls dropped,
 * calls fused, results written in place. Buffers that the caller binds keep their numbers. Results
 * are those of `program`, but for float32 values that are not rounded on the way from one fused
 * operation to the next, except where a comparison, a floor, an index and the like follow.
 *
 * @example
 * const label = "x";
 * const buffers: ProgramBuffer[] = [
 *   { role: "input", dtype: "float32", length: 2, label },
 *   { role: "output", dtype: "float32", length: 2, label },
 * ];
 * // A copy of the input into the output is one kernel.
 * const copying = { name: "copy", buffers, calls: [], results: [{ target: 1, value: 0 }] };
 * optimizeProgram(copying).calls.length // => 1
 */
export function optimizeProgram(program: Program): Program {
  const plain = inEachKernel(program, normalizeCall);
  const folded = shareCalls(readOriginals(foldConstants(plain)));
  const fused = fuse(withoutDeadCalls(folded));
  const free = inEachKernel(fused, (call) =>
    normalizeCall({ ...call, kernel: withNeededRounding(call.kernel) }),
  );
  return inEachKernel(placeResults(withoutDeadCalls(shareCalls(free))), finishCall);
}

/** `program` with each kernel call rewritten. */
function inEachKernel(program: Program, rewrite: (call: KernelCall) => KernelCall): Program {
  return {
    ...program,
    calls: program.calls.map((call) => (call.kind === "kernel" ? rewrite(call) : call)),
  };
}

/** `call` over as few axes as its layouts allow, which generators turn into the fewest loops. */
function finishCall(call: KernelCall): KernelCall {
  const views = [...call.inputs, ...call.outputs];
  const { kernel, layouts } = coalesce(
    simplifyKernel(call.kernel),
    views.map((view) => view.layout),
  );
  const merged = views.map((view, v) => ({ ...view, layout: layouts[v] ?? view.layout }));
  const count = call.inputs.length;
  return { ...call, kernel, inputs: merged.slice(0, count), outputs: merged.slice(count) };
}
