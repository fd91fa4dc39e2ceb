// The three products of a convolution as matrix products whose rows are windows of the input. Windows
// are never copied: tables say where their elements lie, where windows overlap they are one element.

import type { ConvAttrs, OpOverride, OpTable } from "@chainrule/core";
import { type Operand, sizeOf } from "@chainrule/kernel";
import type { BufferPool, JsBuffer } from "../buffer.js";
import { floatsOf, multiply } from "../multiply.js";
import { copyElements } from "../rows.js";
import { withBorder, zerosAround } from "./border.js";
import { extentsOf, resultMatrix, transposed, weightMatrix, windowMatrix } from "./matrices.js";

/** `conv`, `convInputGrad` and `convWeightGrad` of floats. */
export function convolutions(pool: BufferPool): OpTable {
  return {
    conv: floats(conv),
    convInputGrad: floats(inputGrad),
    convWeightGrad: floats(weightGrad),
  };

  /** y[(n, y), o] = Σ x[(n, y), (c, k)] · weight[o, (c, k)]ᵀ, for each group. */
  function conv(x: Operand, weight: Operand, y: Operand, attrs: ConvAttrs): void {
    const of = extentsOf(weight, y, attrs);
    const whole = withBorder(x, of, pool);
    const rows = of.batch * sizeOf(of.windows);
    const depth = of.inChannels * sizeOf(of.taps);
    for (let g = 0; g < of.groups; g++) {
      const a = windowMatrix(of, whole, g);
      const b = transposed(weightMatrix(of, weight, g));
      const out = transposed(resultMatrix(of, y, g));
      multiply(rows, of.outChannels, depth, a, b, out);
    }
    if (whole !== x) pool.free(whole.buffer as JsBuffer);
  }

  /** weight[o, (c, k)] = Σ y[o, (n, y)] · x[(n, y), (c, k)], for each group. */
  function weightGrad(x: Operand, y: Operand, weight: Operand, attrs: ConvAttrs): void {
    const of = extentsOf(weight, y, attrs);
    const whole = withBorder(x, of, pool);
    const columns = of.inChannels * sizeOf(of.taps);
    const depth = of.batch * sizeOf(of.windows);
    for (let g = 0; g < of.groups; g++) {
      const a = resultMatrix(of, y, g);
      const b = windowMatrix(of, whole, g);
      multiply(of.outChannels, columns, depth, a, b, weightMatrix(of, weight, g));
    }
    if (whole !== x) pool.free(whole.buffer as JsBuffer);
  }

  /** x[(c, k), (n, y)] += Σ weight[o, (c, k)]ᵀ · y[o, (n, y)], for each group: windows overlap. */
  function inputGrad(y: Operand, weight: Operand, x: Operand, attrs: ConvAttrs): void {
    const of = extentsOf(weight, y, attrs);
    const around = zerosAround(x, of, pool);
    const whole = around?.whole ?? x;
    if (around === undefined) floatsOf(x).fill(0, x.offset, x.offset + x.layout.size);
    const rows = of.inChannels * sizeOf(of.taps);
    const columns = of.batch * sizeOf(of.windows);
    for (let g = 0; g < of.groups; g++) {
      const a = transposed(weightMatrix(of, weight, g));
      const out = transposed(windowMatrix(of, whole, g));
      multiply(rows, columns, of.outChannels, a, resultMatrix(of, y, g), out, true);
    }
    if (around === undefined) return;
    copyElements(around.inner, x);
    pool.free(whole.buffer as JsBuffer);
  }
}

function floats(run: (a: Operand, b: Operand, out: Operand, attrs: ConvAttrs) => void): OpOverride {
  return {
    // Integers must wrap exactly, which doubles cannot: kernels do it.
    accepts: (_layouts, [dtype, ...more]) =>
      (dtype === "float32" || dtype === "float64") && more.every((other) => other === dtype),
    run: ([a, b], [out], attrs) => {
      if (a === undefined || b === undefined || out === undefined) return;
      run(a, b, out, attrs as ConvAttrs);
    },
  };
}
