// output = base, then output[…, index[p], …] += source[p]: the gradient of gather.

import type { Operand } from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";
import { copyElements, eachRow } from "./rows.js";

/** See `Routines.scatterAdd` of the backend contract. */
export function scatterAdd(
  base: Operand,
  index: Operand,
  source: Operand,
  axis: number,
  output: Operand,
): void {
  const out = (output.buffer as JsBuffer).data;
  copyElements(base, output);
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
