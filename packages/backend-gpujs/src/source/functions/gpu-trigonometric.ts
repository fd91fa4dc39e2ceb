// Sine, cosine, tangent and their inverses in float32 arithmetic: range reduction and polynomials of
// Cephes (Moshier 1992: sinf.c, tanf.c, asinf.c, atanf.c).

import type { FunctionTexts } from "./function-texts.js";

export const gpuTrigonometric: FunctionTexts = {
  // x - j π/4; π/4 in four parts, so that j times each but the last is exact for j below 2^13.
  reduceAngle: `function reduceAngle(x, j) {
    const r = x - j * 0.78515625 - j * 0.00024187564849853516;
    return r - j * 3.7747668102383614e-8 - j * 1.2816720757972595e-12;
  }`,
  sinCore: `function sinCore(x) {
    const z = x * x;
    let p = -0.00019515295891 * z + 0.0083321608736;
    p = p * z - 0.16666654611;
    return p * z * x + x;
  }`,
  cosCore: `function cosCore(x) {
    const z = x * x;
    let p = 0.000024433157118 * z - 0.0013887316255;
    p = p * z + 0.041666645683;
    return p * z * z - 0.5 * z + 1;
  }`,
  sinOf: `function sinOf(x) {
    if (x != x) { return x; }
    if (isInfinite(x) > 0.5) { return notANumber(); }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    const j = 2 * Math.floor((Math.floor(a * 1.2732395447351628) + 1) * 0.5);
    const r = reduceAngle(a, j);
    const q = j - 8 * Math.floor(j * 0.125);
    let s = signOf(x);
    if (q > 3) { s = -s; }
    if (q == 2) { return s * cosCore(r); }
    if (q == 6) { return s * cosCore(r); }
    return s * sinCore(r);
  }`,
  cosOf: `function cosOf(x) {
    if (x != x) { return x; }
    if (isInfinite(x) > 0.5) { return notANumber(); }
    const a = Math.abs(x);
    const j = 2 * Math.floor((Math.floor(a * 1.2732395447351628) + 1) * 0.5);
    const r = reduceAngle(a, j);
    const q = j - 8 * Math.floor(j * 0.125);
    if (q == 0) { return cosCore(r); }
    if (q == 2) { return -sinCore(r); }
    if (q == 4) { return -cosCore(r); }
    return sinCore(r);
  }`,
  tanOf: `function tanOf(x) {
    if (x != x) { return x; }
    if (isInfinite(x) > 0.5) { return notANumber(); }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    const j = 2 * Math.floor((Math.floor(a * 1.2732395447351628) + 1) * 0.5);
    const r = reduceAngle(a, j);
    const z = r * r;
    let p = 0.00938540185543 * z + 0.00311992232697;
    p = p * z + 0.0244301354525;
    p = p * z + 0.0534112807005;
    p = p * z + 0.133387994085;
    p = p * z + 0.333331568548;
    const y = p * z * r + r;
    const q = j - 4 * Math.floor(j * 0.25);
    if (q == 2) { return -1 / y * signOf(x); }
    return y * signOf(x);
  }`,
  asinCore: `function asinCore(x) {
    const z = x * x;
    let p = 0.042163199048 * z + 0.024181311049;
    p = p * z + 0.045470025998;
    p = p * z + 0.074953002686;
    p = p * z + 0.16666752422;
    return p * z * x + x;
  }`,
  asinOf: `function asinOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (a > 1) { return notANumber(); }
    if (a > 0.5) {
      return (1.5707963267948966 - 2 * asinCore(Math.sqrt(0.5 * (1 - a)))) * signOf(x);
    }
    return asinCore(x);
  }`,
  acosOf: `function acosOf(x) {
    if (x != x) { return x; }
    const a = Math.abs(x);
    if (a > 1) { return notANumber(); }
    if (x > 0.5) { return 2 * asinCore(Math.sqrt(0.5 * (1 - x))); }
    if (x < -0.5) { return 3.141592653589793 - 2 * asinCore(Math.sqrt(0.5 * (1 + x))); }
    return 1.5707963267948966 - asinCore(x);
  }`,
  atanCore: `function atanCore(x) {
    const z = x * x;
    let p = 0.0805374449538 * z - 0.138776856032;
    p = p * z + 0.199777106478;
    p = p * z - 0.333329491539;
    return p * z * x + x;
  }`,
  atanOf: `function atanOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (isInfinite(a) > 0.5) { return 1.5707963267948966 * signOf(x); }
    if (a > 2.414213562373095) { return (1.5707963267948966 + atanCore(-1 / a)) * signOf(x); }
    if (a > 0.4142135623730951) {
      return (0.7853981633974483 + atanCore((a - 1) / (a + 1))) * signOf(x);
    }
    return atanCore(x);
  }`,
  atan2Of: `function atan2Of(y, x) {
    if (x != x) { return x; }
    if (y != y) { return y; }
    let a = Math.abs(x);
    let b = Math.abs(y);
    if (isInfinite(a) > 0.5) {
      if (isInfinite(b) > 0.5) { b = 1; } else { b = 0; }
      a = 1;
    }
    if (isInfinite(b) > 0.5) { b = 1; a = 0; }
    let angle = 0;
    if (b > 0) {
      if (a == 0) { angle = 1.5707963267948966; } else { angle = atanOf(b / a); }
    }
    if (signOf(x) < 0) { angle = 3.141592653589793 - angle; }
    return angle * signOf(y);
  }`,
};
