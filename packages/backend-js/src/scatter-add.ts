// output = base, then output[…, index[p], …] += source[p]: the gradient of gather.

import type { Operand, TypedArray } from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";

/** See `Routines.scatterAdd` of the backend contract. */
export function scatterAdd(
  base: Operand,
  index: Operand,
  source: Operand,
  axis: number,
  output: Operand,
): void {
  const out = (output.buffer as JsBuffer).data;
  copy(base, output);
  const from = (source.buffer as JsBuffer).data;
  const positions = (index.buffer as JsBuffer).data;
  const extent = output.layout.shape[axis] ?? 0;
  const axisStride = output.layout.strides[axis] ?? 0;
  // The address in the output of a source position, its index along `axis` aside.
  const outStrides = output.layout.strides.map((stride, d) => (d === axis ? 0 : stride));
  const sources = source.layout.strides;
  const indices = index.layout.strides;
  eachRow(
    source.layout.shape,
    [source.offset, index.offset, output.offset],
    [sources, indices, outStrides],
    (count, [s0 = 0, p0 = 0, o0 = 0], [sourceStep = 0, indexStep = 0, outStep = 0]) => {
      let s = s0;
      let p = p0;
      let o = o0;
      for (let i = 0; i < count; i++) {
        const target = positions[p] as number;
        if (target >= 0 && target < extent) {
          const to = o + target * axisStride;
          out[to] = (out[to] as number) + (from[s] as number);
        }
        s += sourceStep;
        p += indexStep;
        o += outStep;
      }
    },
  );
}

function copy(base: Operand, output: Operand): void {
  const from = (base.buffer as JsBuffer).data;
  const to = (output.buffer as JsBuffer).data;
  eachRow(
    output.layout.shape,
    [base.offset, output.offset],
    [base.layout.strides, output.layout.strides],
    (count, [b = 0, o = 0], [baseStep = 0, outStep = 0]) => {
      if (baseStep === 1 && outStep === 1) to.set(slice(from, b, count), o);
      else for (let i = 0; i < count; i++) to[o + i * outStep] = from[b + i * baseStep] as number;
    },
  );
}

function slice(data: TypedArray, start: number, count: number): TypedArray {
  return data.subarray(start, start + count);
}

/**
 * Visits the rows of arrays of `shape`, a row being the positions along the last axis: its length,
 * where it starts in each array, and the step between neighbours.
 */
function eachRow(
  shape: readonly number[],
  offsets: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (count: number, at: readonly number[], step: readonly number[]) => void,
): void {
  const last = shape.length - 1;
  const steps = strides.map((s) => s[last] ?? 0);
  const walk = (axis: number, at: readonly number[]): void => {
    if (axis >= last) {
      visit(shape[last] ?? 1, at, steps);
      return;
    }
    const count = shape[axis] ?? 0;
    for (let i = 0; i < count; i++)
      walk(
        axis + 1,
        at.map((a, array) => a + i * (strides[array]?.[axis] ?? 0)),
      );
  };
  walk(0, offsets);
}
