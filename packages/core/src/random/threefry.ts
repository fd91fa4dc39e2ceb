// Threefry-2x32 with 20 rounds: 64 random bits from a 64-bit key and a 64-bit counter, by integer
// additions, rotations and exclusive ors alone. On the host, and as a kernel expression.
// Source: Salmon, Moraes, Dror, Shaw 2011, Parallel random numbers: as easy as 1, 2, 3.

import { call, constant, type Expr } from "@chainrule/kernel";

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const;
// The key-schedule parity constant of Threefish for 32-bit words.
const parity = 0x1bd11bda;
const rounds = 20;

/**
 * Writes the two words for counter (c0, c1) under key (k0, k1) to `out[at]` and `out[at + 1]`, all as
 * int32.
 */
export function threefry(
  k0: number,
  k1: number,
  c0: number,
  c1: number,
  out: Int32Array,
  at: number,
): void {
  const keys = [k0, k1, parity ^ k0 ^ k1];
  let x0 = (c0 + k0) | 0;
  let x1 = (c1 + k1) | 0;
  for (let round = 0; round < rounds; round++) {
    const r = rotations[round % 8] as number;
    x0 = (x0 + x1) | 0;
    x1 = ((x1 << r) | (x1 >>> (32 - r))) ^ x0;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = (x0 + (keys[injection % 3] as number)) | 0;
      x1 = (x1 + (keys[(injection + 1) % 3] as number) + injection) | 0;
    }
  }
  out[at] = x0;
  out[at + 1] = x1;
}

/** The same as int32 expressions. */
export function threefryExpr(k0: Expr, k1: Expr, c0: Expr, c1: Expr): [Expr, Expr] {
  const keys = [k0, k1, call("bitXor", call("bitXor", constant(parity, "int32"), k0), k1)];
  let x0: Expr = call("add", c0, k0);
  let x1: Expr = call("add", c1, k1);
  for (let round = 0; round < rounds; round++) {
    const r = rotations[round % 8] as number;
    x0 = call("add", x0, x1);
    const rotated = call("bitOr", call("shiftLeft", x1, r), call("shiftRightLogical", x1, 32 - r));
    x1 = call("bitXor", rotated, x0);
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x0 = call("add", x0, keys[injection % 3] as Expr);
      x1 = call("add", call("add", x1, keys[(injection + 1) % 3] as Expr), injection);
    }
  }
  return [x0, x1];
}
