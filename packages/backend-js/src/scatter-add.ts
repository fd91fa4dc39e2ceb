// output = base, then output[…, index[p], …] += source[p]: a loop over the source.

import type { Operand } from "@chainrule/kernel";
import type { Buffer } from "./backend.js";

/** The routine `scatterAdd` of the backend contract. */
export function scatterAdd(
  base: Operand,
  index: Operand,
  source: Operand,
  axis: number,
  output: Operand,
): void {
  const out = (output.buffer as Buffer).data;
  const from = (base.buffer as Buffer).data;
  forEach(base.layout.shape, (position) => {
    out[addressOf(output, position)] = from[addressOf(base, position)] as number;
  });
  const indices = (index.buffer as Buffer).data;
  const values = (source.buffer as Buffer).data;
  const extent = output.layout.shape[axis] ?? 0;
  forEach(source.layout.shape, (position) => {
    const place = indices[addressOf(index, position)] as number;
    if (place < 0 || place >= extent) return;
    const value = values[addressOf(source, position)] as number;
    const here = position[axis] as number;
    position[axis] = place;
    const at = addressOf(output, position);
    position[axis] = here;
    out[at] = (out[at] as number) + value;
  });
}

function addressOf({ layout, offset }: Operand, position: readonly number[]): number {
  let at = offset;
  for (let d = 0; d < position.length; d++) {
    at += (position[d] as number) * (layout.strides[d] as number);
  }
  return at;
}

/** Calls `visit` with every position of `shape`, in row-major order; it may change and restore it. */
function forEach(shape: readonly number[], visit: (position: number[]) => void): void {
  if (shape.includes(0)) return;
  const position = new Array<number>(shape.length).fill(0);
  for (;;) {
    visit(position);
    let d = shape.length - 1;
    while (d >= 0) {
      position[d] = (position[d] as number) + 1;
      if ((position[d] as number) < (shape[d] as number)) break;
      position[d] = 0;
      d -= 1;
    }
    if (d < 0) return;
  }
}
