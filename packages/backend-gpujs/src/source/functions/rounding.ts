// Rounding, conversion to integers, neighbours of floats.

import type { FunctionTexts } from "./function-texts.js";

export const rounding: FunctionTexts = {
  signum: `function signum(x) {
    if (x > 0) { return 1; }
    if (x < 0) { return -1; }
    if (x == 0) { return 0; }
    return x;
  }`,
  ceiling: "function ceiling(x) { return -Math.floor(-x); }",
  truncate: `function truncate(x) {
    if (x < 0) { return -Math.floor(-x); }
    return Math.floor(x);
  }`,
  // Halves go to the even neighbour; what rounds to 0 keeps its sign.
  roundHalfEven: `function roundHalfEven(x) {
    const a = Math.abs(x);
    if (!(a < 8388608)) { return x; }
    let f = Math.floor(a);
    const d = a - f;
    if (d > 0.5) { f = f + 1; }
    if (d == 0.5) {
      if (f - 2 * Math.floor(f * 0.5) > 0.5) { f = f + 1; }
    }
    return f * signOf(x);
  }`,
  toInt32: `function toInt32(x) {
    if (x != x) { return 0; }
    if (x >= 2147483647) { return 2147483647; }
    if (x <= -2147483648) { return -2147483648; }
    return truncate(x) + 0;
  }`,
  toUint8: `function toUint8(x) {
    if (x != x) { return 0; }
    if (x >= 255) { return 255; }
    if (x <= 0) { return 0; }
    return Math.floor(x);
  }`,
  // 2^e for a whole e from -149 to 127, by exact products.
  powerOfTwo: `function powerOfTwo(e) {
    let p = 1;
    let left = Math.abs(e);
    let factor = 2;
    if (e < 0) { factor = 0.5; }
    for (let i = 0; i < 8; i++) {
      const half = Math.floor(left * 0.5);
      if (left - 2 * half > 0.5) { p = p * factor; }
      left = half;
      if (left > 0) { factor = factor * factor; }
    }
    return p;
  }`,
  // x · 2^e without overflow or underflow on the way.
  scale: `function scale(x, e) {
    const half = truncate(e * 0.5);
    return x * powerOfTwo(half) * powerOfTwo(e - half);
  }`,
  // The whole e with 2^e <= x < 2^(e + 1), for x > 0.
  exponent: `function exponent(x) {
    let a = x;
    let e = 0;
    let step = 64;
    for (let i = 0; i < 8; i++) {
      const up = powerOfTwo(step);
      if (a >= up) { a = a / up; e = e + step; }
      if (a < 1 / up) { a = a * up; e = e - step; }
      if (i > 0) { step = step * 0.5; }
    }
    if (a < 1) { e = e - 1; }
    return e;
  }`,
  // The float that follows x towards y.
  nextAfter: `function nextAfter(x, y) {
    if (x != x) { return x; }
    if (x == y) { return y; }
    if (y != y) { return y; }
    if (x == 0) { return powerOfTwo(-149) * signOf(y - x); }
    const a = Math.abs(x);
    let away = 0.5;
    if (y > x) { if (x > 0) { away = 1; } }
    if (y < x) { if (x < 0) { away = 1; } }
    if (isInfinite(a) > 0.5) { return (2 - powerOfTwo(-23)) * powerOfTwo(127) * signOf(x); }
    const e = exponent(a);
    let step = powerOfTwo(maximum(e - 23, -149));
    if (away < 0.75) {
      if (a == powerOfTwo(e)) { if (e > -126) { step = step * 0.5; } }
      return (a - step) * signOf(x);
    }
    return (a + step) * signOf(x);
  }`,
};
