// What can be computed before any run.

import { newArray, type TypedArray } from "../dtype.js";
import { call as callOf, constant, type Expr, rewriteExpr } from "../expr.js";
import { interpretKernel } from "../interpret.js";
import { sizeOf } from "../layout.js";
import { normalizeCall, viewOf } from "./normalize.js";
import { usesOf } from "./order.js";
import type { KernelCall, Program, ProgramBuffer, ProgramCall } from "./program.js";
import { isLargeProduct } from "./work.js";

/** Larger arrays are computed in every run: quicker made than kept. */
const largest = 4096;

/** More turns of its loops than this would make compiling slow. */
const longest = 1 << 16;

/**
 * `program`, whose calls are in normal form, without kernels of constants only, and with constants
 * whose elements are all one number written into the kernels that read them.
 */
export function foldConstants(program: Program): Program {
  const buffers = [...program.buffers];
  const numbers = buffers.map(uniform);
  const { writers } = usesOf(program);
  const calls = program.calls.flatMap((call): ProgramCall[] => {
    if (call.kind === "own") return [call];
    const written = withNumbers(call, numbers);
    const isAlone = call.outputs.every(({ buffer }) => writers[buffer]?.length === 1);
    const made = isAlone ? evaluated(written, buffers) : undefined;
    for (const constant of made ?? []) {
      buffers[constant.index] = constant.buffer;
      numbers[constant.index] = uniform(constant.buffer);
    }
    return made === undefined ? [written] : [];
  });
  return { ...program, buffers, calls };
}

/** The number that all elements of a constant are. */
function uniform({ role, dtype, data }: ProgramBuffer): number | undefined {
  const first = data?.[0];
  if (role !== "constant" || dtype === "float16" || first === undefined) return undefined;
  return data?.every((value) => Object.is(value, first)) ? first : undefined;
}

function withNumbers(call: KernelCall, numbers: readonly (number | undefined)[]): KernelCall {
  const { kernel } = call;
  const isNumber = (input: number): boolean => {
    const isFactor = input === kernel.contraction?.a || input === kernel.contraction?.b;
    const buffer = call.inputs[input]?.buffer ?? -1;
    return numbers[buffer] !== undefined && !(isFactor && isLargeProduct(kernel));
  };
  if (!kernel.inputs.some((_, input) => isNumber(input))) return call;
  const done = new Map<Expr, Expr>();
  const rewrite = (expr: Expr): Expr =>
    rewriteExpr(
      expr,
      (node) => {
        if (node.kind !== "load" || !isNumber(node.input)) return node;
        const value = constant(numbers[viewOf(call, node).buffer] ?? 0, node.dtype);
        return node.guard === undefined || node.otherwise === undefined
          ? value
          : callOf("select", node.guard, value, node.otherwise);
      },
      done,
    );
  return normalizeCall({
    ...call,
    kernel: {
      ...kernel,
      stages: kernel.stages.map((stage) => ({ ...stage, value: rewrite(stage.value) })),
      outputs: kernel.outputs.map((output) => ({ ...output, value: rewrite(output.value) })),
    },
  });
}

interface Made {
  readonly index: number;
  readonly buffer: ProgramBuffer;
}

/** What `call` writes, if that is the same in every run and little. */
function evaluated(
  { kernel, inputs, outputs }: KernelCall,
  buffers: readonly ProgramBuffer[],
): readonly Made[] | undefined {
  const known = (buffer: number): TypedArray | undefined => {
    const { role, data } = buffers[buffer] ?? {};
    return role === "constant" ? data : undefined;
  };
  const isKnown = inputs.every((view) => known(view.buffer) !== undefined);
  const isSmall =
    outputs.every(({ buffer }) => (buffers[buffer]?.length ?? 0) <= largest) &&
    sizeOf(kernel.axes.map((extent) => Math.max(1, Number(extent)))) <= longest;
  const isTemporary = outputs.every(({ buffer }) => buffers[buffer]?.role === "temporary");
  const hasHalf = [...kernel.inputs, ...kernel.outputs].some(({ dtype }) => dtype === "float16");
  if (!isKnown || !isSmall || !isTemporary || hasHalf) return undefined;
  const made = outputs.map(({ buffer }, o): Made & { data: TypedArray } => {
    const { dtype = "float32", length = 0, label = "" } = buffers[buffer] ?? {};
    const data = newArray(kernel.outputs[o]?.dtype ?? dtype, length);
    return { index: buffer, buffer: { role: "constant", dtype, length, label, data }, data };
  });
  interpretKernel(
    kernel,
    inputs.map((view) => ({ ...view, data: known(view.buffer) ?? new Float32Array(0) })),
    [],
    outputs.map((view, o) => ({ ...view, data: made[o]?.data ?? new Float32Array(0) })),
  );
  return made;
}
