// Bits of integers in two halves of 16, as floats hold 24 bits and WebGL 1 has no bit operations.

import type { FunctionTexts } from "./function-texts.js";

/** `op` says what becomes of a bit of x and one of y, both 0 or 1. */
function bitwise(name: string, op: string): Readonly<Record<string, string>> {
  return {
    [`${name}Half`]: `function ${name}Half(x, y) {
      let a = x;
      let b = y;
      let result = 0;
      let weight = 1;
      for (let i = 0; i < 16; i++) {
        const p = Math.floor(a * 0.5);
        const q = Math.floor(b * 0.5);
        const u = a - 2 * p;
        const v = b - 2 * q;
        result = result + weight * (${op});
        weight = weight * 2;
        a = p;
        b = q;
      }
      return result;
    }`,
    [name]: `function ${name}(x, y) {
      const a = Math.floor(x / 65536);
      const b = Math.floor(y / 65536);
      const low = ${name}Half(x - a * 65536, y - b * 65536);
      const high = ${name}Half(a - Math.floor(a / 65536) * 65536, b - Math.floor(b / 65536) * 65536);
      if (high >= 32768) { return (high - 65536) * 65536 + low; }
      return high * 65536 + low;
    }`,
  };
}

export const bits: FunctionTexts = {
  ...bitwise("bitAnd", "u * v"),
  ...bitwise("bitOr", "u + v - u * v"),
  ...bitwise("bitXor", "u + v - 2 * u * v"),
  bitNot: "function bitNot(x) { return -x - 1; }",
  bitNotByte: "function bitNotByte(x) { return 255 - x; }",
  // What leaves the 32 bits is lost, the 32nd bit is the sign.
  shiftLeft: `function shiftLeft(x, n) {
    const p = powerOfTwo(n);
    const whole = powerOfTwo(32);
    if (Math.abs(x * p) < whole * 0.5) { return x * p; }
    const kept = x - Math.floor(x * p / whole) * (whole / p);
    if (kept * p >= whole * 0.5) { return kept * p - whole; }
    return kept * p;
  }`,
  shiftRight: "function shiftRight(x, n) { return Math.floor(x * powerOfTwo(-n)); }",
  shiftRightLogical: `function shiftRightLogical(x, n) {
    if (x >= 0) { return Math.floor(x * powerOfTwo(-n)); }
    if (n == 0) { return x; }
    return Math.floor(x * powerOfTwo(-n)) + powerOfTwo(32 - n);
  }`,
};
