// Adding up where windows overlap.

import type { OpOverride, WindowsAttrs } from "@chainrule/core";
import type { Operand } from "@chainrule/kernel";
import { addresses } from "../addresses.js";
import type { JsBuffer } from "../buffer.js";
import { product } from "./matrices.js";

/** `overlapAdd`: windows [..., ...Y, ...K] added up to [..., ...S]. */
export const overlapAdd: OpOverride = {
  // The sum of bools is no bool.
  accepts: (_layouts, [dtype]) => dtype !== "bool",
  run: ([windows], [target], attrs) => {
    if (windows === undefined || target === undefined) return;
    runOverlapAdd(windows, target, (attrs as WindowsAttrs).axes);
  },
};

function runOverlapAdd(windows: Operand, target: Operand, axes: WindowsAttrs["axes"]): void {
  const rank = axes.length;
  const { shape, strides } = windows.layout;
  const lead = shape.length - 2 * rank;
  const counts = shape.slice(lead, lead + rank);
  const taps = shape.slice(lead + rank);
  const along = target.layout.strides.slice(lead);
  const to = (target.buffer as JsBuffer).data;
  const from = (windows.buffer as JsBuffer).data;
  to.fill(0, target.offset, target.offset + target.layout.size);
  const starts = addresses(
    counts,
    axes.map(({ stride }, d) => stride * (along[d] ?? 0)),
  );
  const tapTo = addresses(
    taps,
    axes.map(({ dilation }, d) => dilation * (along[d] ?? 0)),
  );
  const leadTo = addresses(shape.slice(0, lead), target.layout.strides.slice(0, lead));
  const leadFrom = addresses(shape.slice(0, lead), strides.slice(0, lead));
  const tapFrom = addresses(taps, strides.slice(lead + rank));
  const startFrom = addresses(counts, strides.slice(lead, lead + rank));
  const [examples, size, count] = [shape.slice(0, lead), taps, counts].map(product) as [
    number,
    number,
    number,
  ];
  for (let example = 0; example < examples; example++)
    for (let tap = 0; tap < size; tap++) {
      const base = target.offset + (leadTo[example] ?? 0) + (tapTo[tap] ?? 0);
      const source = windows.offset + (leadFrom[example] ?? 0) + (tapFrom[tap] ?? 0);
      for (let i = 0; i < count; i++) {
        const at = (base + (starts[i] as number)) | 0;
        to[at] = (to[at] as number) + (from[(source + (startFrom[i] as number)) | 0] as number);
      }
    }
}
