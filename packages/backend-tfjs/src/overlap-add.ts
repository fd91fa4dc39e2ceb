// The gradient of windows that do not overlap: their elements only change places.

import type { OpOverride, WindowsAttrs } from "@chainrule/core";
import type { Layout } from "@chainrule/kernel";
import type { Memory } from "./buffer.js";
import { store } from "./compile.js";
import type { Ops } from "./ops.js";
import { stretch } from "./shapes.js";
import { readView } from "./view.js";

/** `overlapAdd` of windows [..., ...Y, ...K] to [..., ...S], where the windows tile S. */
export function overlapAdd(ops: Ops, memory: Memory): OpOverride {
  const { runtime } = ops;
  return {
    accepts: ([windows], [dtype], attrs) =>
      dtype !== "bool" && windows !== undefined && tiles(windows, attrs as WindowsAttrs),
    run: ([windows], [target], attrs) => {
      if (windows === undefined || target === undefined || target.layout.size === 0) return;
      const { extents } = attrs as WindowsAttrs;
      const { shape, strides: steps } = windows.layout;
      const rank = extents.length;
      const lead = shape.length - 2 * rank;
      // [..., Y, K, Y, K]: each axis of windows beside that of its taps.
      const order = extents.flatMap((_, d) => [lead + d, lead + rank + d]);
      const all = [...Array(lead).keys(), ...order];
      runtime.run(() => {
        const permuted = <T>(items: readonly T[]): T[] => all.map((d) => items[d] as T);
        const view = { base: windows.offset, extents: permuted(shape), steps: permuted(steps) };
        const elements = readView(runtime, memory.tensor(windows.buffer), view);
        store(ops, memory, target, stretch(runtime, elements, permuted(shape)));
      });
    },
  };
}

function tiles({ shape, size }: Layout, { axes, extents }: WindowsAttrs): boolean {
  const rank = extents.length;
  const taps = shape.slice(shape.length - rank);
  const counts = shape.slice(shape.length - 2 * rank, shape.length - rank);
  return (
    size > 0 &&
    axes.every(
      ({ stride, dilation, before, after }, d) =>
        stride === taps[d] &&
        dilation === 1 &&
        before + after === 0 &&
        extents[d] === (counts[d] ?? 0) * stride,
    )
  );
}
