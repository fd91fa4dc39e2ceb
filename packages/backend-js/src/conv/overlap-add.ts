// Adding up where windows overlap.

import type { OpOverride, WindowAxis, WindowsAttrs } from "@chainrule/core";
import { type Operand, sizeOf } from "@chainrule/kernel";
import { addresses } from "../addresses.js";
import type { JsBuffer } from "../buffer.js";

/** `overlapAdd`: windows [..., ...Y, ...K] added up to [..., ...S]. */
export const overlapAdd: OpOverride = {
  // The sum of bools is no bool.
  accepts: (_layouts, [dtype]) => dtype !== "bool",
  run: ([windows], [target], attrs) => {
    if (windows === undefined || target === undefined) return;
    runOverlapAdd(windows, target, (attrs as WindowsAttrs).axes);
  },
};

function runOverlapAdd(windows: Operand, target: Operand, axes: readonly WindowAxis[]): void {
  const rank = axes.length;
  const { shape, strides } = windows.layout;
  const lead = shape.slice(0, -2 * rank);
  const counts = shape.slice(lead.length, -rank);
  const taps = shape.slice(-rank);
  const along = target.layout.strides.slice(lead.length);
  const steps = axes.map(({ stride }, d) => stride * (along[d] ?? 0));
  const tapSteps = axes.map(({ dilation }, d) => dilation * (along[d] ?? 0));
  const to = (target.buffer as JsBuffer).data;
  const from = (windows.buffer as JsBuffer).data;
  const leadTo = addresses(lead, target.layout.strides.slice(0, lead.length));
  const leadFrom = addresses(lead, strides.slice(0, lead.length));
  const countTo = addresses(counts, steps);
  const countFrom = addresses(counts, strides.slice(lead.length, -rank));
  const tapTo = addresses(taps, tapSteps);
  const tapFrom = addresses(taps, strides.slice(-rank));
  const [examples, size, count] = [sizeOf(lead), sizeOf(taps), sizeOf(counts)];
  to.fill(0, target.offset, target.offset + target.layout.size);
  for (let example = 0; example < examples; example++)
    for (let tap = 0; tap < size; tap++) {
      const base = target.offset + (leadTo[example] ?? 0) + (tapTo[tap] ?? 0);
      const source = windows.offset + (leadFrom[example] ?? 0) + (tapFrom[tap] ?? 0);
      for (let i = 0; i < count; i++) {
        const at = (base + (countTo[i] as number)) | 0;
        to[at] = (to[at] as number) + (from[(source + (countFrom[i] as number)) | 0] as number);
      }
    }
}
