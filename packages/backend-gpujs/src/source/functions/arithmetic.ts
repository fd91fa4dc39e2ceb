// Arithmetic that gpu.js lacks or rounds otherwise. Every value is a float: whole numbers are exact
// up to 2^24, truth values are 0 and 1.

import type { FunctionTexts } from "./function-texts.js";

export const arithmetic: FunctionTexts = {
  divide: "function divide(x, y) { return x / y; }",
  // The quotient of a position and an extent. GPUs round divisions loosely, so the rest decides.
  quotient: `function quotient(x, y) {
    const q = Math.floor(x / y);
    const rest = x - q * y;
    if (rest < 0) { return q - 1; }
    if (rest >= y) { return q + 1; }
    return q;
  }`,
  floorDivideInteger: `function floorDivideInteger(x, y) {
    if (y == 0) { return 0; }
    let q = Math.floor(x / y);
    const rest = x - q * y;
    if (y > 0) {
      if (rest < 0) { q = q - 1; }
      if (rest >= y) { q = q + 1; }
    } else {
      if (rest > 0) { q = q - 1; }
      if (rest <= y) { q = q + 1; }
    }
    return q;
  }`,
  moduloInteger: `function moduloInteger(x, y) {
    if (y == 0) { return 0; }
    return x - floorDivideInteger(x, y) * y;
  }`,
  // The exact remainder with the sign of x, by long division.
  rest: `function rest(x, y) {
    const b = Math.abs(y);
    let a = Math.abs(x);
    if (x != x) { return x; }
    if (y != y) { return y; }
    if (isInfinite(a) > 0.5) { return notANumber(); }
    if (b == 0) { return notANumber(); }
    if (isInfinite(b) > 0.5) { return x; }
    let s = b;
    for (let i = 0; i < 300; i++) {
      if (s <= a * 0.5) { s = s * 2; }
    }
    for (let j = 0; j < 300; j++) {
      if (s >= b) {
        if (a >= s) { a = a - s; }
        s = s * 0.5;
      }
    }
    if (x < 0) { return -a; }
    return a;
  }`,
  floorModulo: `function floorModulo(x, y) {
    const r = rest(x, y);
    if (r == 0) { return copySign(r, y); }
    if (r < 0) {
      if (y > 0) { return r + y; }
      return r;
    }
    if (y < 0) { return r + y; }
    return r;
  }`,
  floorDivide: `function floorDivide(x, y) {
    if (y == 0) { return x / y; }
    const r = rest(x, y);
    let q = (x - r) / y;
    if (r < 0) {
      if (y > 0) { q = q - 1; }
    }
    if (r > 0) {
      if (y < 0) { q = q - 1; }
    }
    if (q == 0) { return copySign(q, signOf(x) * signOf(y)); }
    const f = Math.floor(q);
    if (q - f > 0.5) { return f + 1; }
    return f;
  }`,
  powerInteger: `function powerInteger(x, y) {
    if (y < 0) {
      if (x == 1) { return 1; }
      if (x == -1) { return 1 - 2 * moduloInteger(y, 2); }
      return 0;
    }
    let result = 1;
    let square = x;
    let left = y;
    for (let i = 0; i < 32; i++) {
      if (left > 0) {
        const half = Math.floor(left * 0.5);
        if (left - 2 * half > 0.5) { result = result * square; }
        left = half;
        if (left > 0) { square = square * square; }
      }
    }
    return result;
  }`,
  powerByte: `function powerByte(x, y) {
    let result = 1;
    let square = x;
    let left = y;
    for (let i = 0; i < 8; i++) {
      const half = Math.floor(left * 0.5);
      if (left - 2 * half > 0.5) { result = wrapByte(result * square); }
      left = half;
      square = wrapByte(square * square);
    }
    return result;
  }`,
  wrapByte: "function wrapByte(x) { return x - Math.floor(x / 256) * 256; }",
  // Rounded to float32 where arithmetic is in doubles.
  float32: "function float32(x) { return Math.fround(x); }",
};
