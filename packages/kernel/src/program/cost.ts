// What a call moves and computes.

import { rootsOf } from "../dependence.js";
import { bytesPerElement, isFloat } from "../dtype.js";
import { walk } from "../expr.js";
import { intrinsicInfo } from "../intrinsics.js";
import { extentsOf, type Kernel } from "../kernel.js";
import { sizeOf } from "../layout.js";
import type { Program, ProgramCall, View } from "./program.js";
import { workOf } from "./work.js";

export interface Cost {
  readonly bytes: number;
  readonly flops: number;
}

/**
 * The least that `call` moves and computes. Bytes: each element of an input that its views reach,
 * once, and each that is written. Flops: each function of floats but copies, comparisons and
 * choices, once for each turn of the loops it moves with, and each step of a sum, product, maximum
 * or minimum of floats; the product of an [m, k] and a [k, n] matrix is 2mnk. Calls of a backend's
 * own have no known flops: 0.
 */
export function costOf(call: ProgramCall, { buffers }: Program): Cost {
  const bytesOf = (buffer: number, elements: number): number => {
    const { dtype, length } = buffers[buffer] ?? { dtype: "float32", length: 0 };
    return Math.min(elements, length) * bytesPerElement(dtype);
  };
  const read = new Map<number, number>();
  for (const view of call.inputs)
    read.set(view.buffer, (read.get(view.buffer) ?? 0) + reached(view));
  let bytes = 0;
  for (const [buffer, elements] of read) bytes += bytesOf(buffer, elements);
  for (const view of call.outputs) bytes += bytesOf(view.buffer, reached(view));
  if (call.kind === "own") return { bytes, flops: 0 };
  const layouts = [...call.inputs, ...call.outputs].map((view) => view.layout);
  return { bytes, flops: flopsOf({ ...call.kernel, axes: extentsOf(call.kernel, layouts) }) };
}

/** The number of elements that a view has in memory. */
function reached({ layout: { shape, strides } }: View): number {
  return sizeOf(shape.map((n, d) => (strides[d] === 0 ? Math.min(n, 1) : n)));
}

function flopsOf(kernel: Kernel): number {
  const work = workOf(kernel);
  let flops = 0;
  walk(rootsOf(kernel), (expr) => {
    if (expr.kind !== "call" || !isFloat(expr.dtype)) return;
    if (intrinsicInfo(expr.fn).operands !== "any" || expr.fn === "max" || expr.fn === "min")
      flops += work.turnsOf(expr);
  });
  for (const [s, { axes, dtype }] of kernel.stages.entries())
    if (isFloat(dtype))
      flops += (work.stages[s]?.turns ?? 0) * sizeOf(axes.map((axis) => Number(kernel.axes[axis])));
  return flops;
}
