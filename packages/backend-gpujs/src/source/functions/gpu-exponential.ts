// Exponentials, logarithms, powers and hyperbolic functions in float32 arithmetic, as GPUs promise
// little of their own. Range reduction and polynomials of Cephes (Moshier 1992: expf.c, logf.c).

import type { FunctionTexts } from "./function-texts.js";

export const gpuExponential: FunctionTexts = {
  // e^r - 1 for |r| <= ln 2 / 2.
  expm1Core: `function expm1Core(r) {
    let p = 0.00019875691500 * r + 0.0013981999507;
    p = p * r + 0.0083334519073;
    p = p * r + 0.041665795894;
    p = p * r + 0.16666665459;
    p = p * r + 0.50000001201;
    return p * r * r + r;
  }`,
  // x - n ln 2, in two parts so that n times the first is exact.
  reduceLog:
    "function reduceLog(x, n) { return x - n * 0.693359375 - n * -0.00021219444005469057; }",
  expOf: `function expOf(x) {
    if (x != x) { return x; }
    if (x > 88.8) { return infinity(); }
    if (x < -104) { return 0; }
    const n = Math.floor(x * 1.4426950408889634 + 0.5);
    return scale(1 + expm1Core(reduceLog(x, n)), n);
  }`,
  expm1Of: `function expm1Of(x) {
    if (x != x) { return x; }
    if (x > 88.8) { return infinity(); }
    if (x < -20) { return -1; }
    if (x == 0) { return x; }
    const n = Math.floor(x * 1.4426950408889634 + 0.5);
    const core = expm1Core(reduceLog(x, n));
    if (n == 0) { return core; }
    if (n > 60) { return scale(1 + core, n); }
    const p = powerOfTwo(n);
    return p * core + (p - 1);
  }`,
  // log(1 + f) for 1 + f from sqrt(1/2) to sqrt(2).
  logCore: `function logCore(f) {
    let p = 0.070376836292 * f - 0.1151461031;
    p = p * f + 0.11676998740;
    p = p * f - 0.12420140846;
    p = p * f + 0.14249322787;
    p = p * f - 0.16668057665;
    p = p * f + 0.20000714765;
    p = p * f - 0.24999993993;
    p = p * f + 0.33333331174;
    return p;
  }`,
  logExponent: `function logExponent(x) {
    const e = exponent(x);
    if (scale(x, -e) > 1.4142135623730951) { return e + 1; }
    return e;
  }`,
  logOf: `function logOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return -infinity(); }
    if (x < 0) { return notANumber(); }
    if (isInfinite(x) > 0.5) { return x; }
    const e = logExponent(x);
    const f = scale(x, -e) - 1;
    const z = f * f;
    return e * 0.693359375 + (f + (e * -0.00021219444005469057 + (f * z * logCore(f) - 0.5 * z)));
  }`,
  log1pOf: `function log1pOf(x) {
    if (x != x) { return x; }
    if (x < -1) { return notANumber(); }
    if (x == -1) { return -infinity(); }
    if (x == 0) { return x; }
    if (isInfinite(x) > 0.5) { return x; }
    if (x > -0.29) {
      if (x < 0.41) {
        const z = x * x;
        return x + (x * z * logCore(x) - 0.5 * z);
      }
    }
    const u = 1 + x;
    // What 1 + x lost, relative to u, is what its logarithm lost.
    if (x > 1) { return logOf(u) + (1 - (u - x)) / u; }
    return logOf(u) + (x - (u - 1)) / u;
  }`,
  log2Of: `function log2Of(x) {
    if (x != x) { return x; }
    if (x == 0) { return -infinity(); }
    if (x < 0) { return notANumber(); }
    if (isInfinite(x) > 0.5) { return x; }
    const e = logExponent(x);
    const f = scale(x, -e) - 1;
    const z = f * f;
    const y = f * z * logCore(f) - 0.5 * z;
    // log2(e) is 1 and the rest, so that nothing of f is lost.
    return y * 0.44269504088896341 + f * 0.44269504088896341 + y + f + e;
  }`,
  log10Of: `function log10Of(x) {
    if (x != x) { return x; }
    if (x == 0) { return -infinity(); }
    if (x < 0) { return notANumber(); }
    if (isInfinite(x) > 0.5) { return x; }
    const e = logExponent(x);
    const f = scale(x, -e) - 1;
    const z = f * f;
    const y = f * z * logCore(f) - 0.5 * z;
    // log10(e) and log10(2) in two parts each.
    const low = f * 0.00070073190325182765 + y * 0.00070073190325182765 + e * 0.00024871227613836;
    return low + y * 0.43359375 + f * 0.43359375 + e * 0.30078125;
  }`,
  sinhOf: `function sinhOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (a > 80) {
      const root = expOf(a * 0.5);
      return 0.5 * root * root * signOf(x);
    }
    const t = expm1Of(a);
    return 0.5 * (t + t / (t + 1)) * signOf(x);
  }`,
  coshOf: `function coshOf(x) {
    const a = Math.abs(x);
    if (a > 80) {
      const root = expOf(a * 0.5);
      return 0.5 * root * root;
    }
    const t = expOf(a);
    return 0.5 * t + 0.5 / t;
  }`,
  tanhOf: `function tanhOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (a > 10) { return signOf(x); }
    const t = expm1Of(2 * a);
    return t / (t + 2) * signOf(x);
  }`,
  asinhOf: `function asinhOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (a > 10000) { return (logOf(a) + 0.6931471805599453) * signOf(x); }
    return log1pOf(a + a * a / (1 + Math.sqrt(a * a + 1))) * signOf(x);
  }`,
  acoshOf: `function acoshOf(x) {
    if (x != x) { return x; }
    if (x < 1) { return notANumber(); }
    if (x > 10000) { return logOf(x) + 0.6931471805599453; }
    const t = x - 1;
    return log1pOf(t + Math.sqrt(2 * t + t * t));
  }`,
  atanhOf: `function atanhOf(x) {
    if (x != x) { return x; }
    if (x == 0) { return x; }
    const a = Math.abs(x);
    if (a > 1) { return notANumber(); }
    if (a == 1) { return infinity() * signOf(x); }
    return 0.5 * log1pOf(2 * a / (1 - a)) * signOf(x);
  }`,
  // A number as its leading 12 bits; x - leading(x) is the rest, exactly.
  leading: `function leading(x) {
    const c = 4097 * x;
    return c - (c - x);
  }`,
  // |x|^y as 2^(y log2 |x|), with the logarithm and the product in two floats each.
  powerCore: `function powerCore(x, y) {
    const e = logExponent(x);
    const m = scale(x, -e);
    // log(m) = 2 atanh(s) for s = (m - 1) / (m + 1), s in two parts.
    const t = m + 1;
    const s = (m - 1) / t;
    const sh = leading(s);
    const th = leading(t);
    const tl = m - (th - 1);
    const sl = ((m - 1 - sh * th) - sh * tl) / t;
    const z = s * s;
    let p = z * 0.18181818 + 0.22222222;
    p = p * z + 0.28571429;
    p = p * z + 0.4;
    p = p * z + 0.66666667;
    // The cubic term and above; 2 s is kept apart in two parts.
    const tail = p * z * s;
    const ah = 2 * sh;
    const al = 2 * sl + tail;
    // Times log2(e) = 1.442382812 + 0.000312227889.
    const bh = ah * 1.4423828125;
    const bl = al * 1.4426950408889634 + ah * 0.0003122278889634;
    const lh = leading(e + bh);
    const ll = bl + (bh - (lh - e));
    const yh = leading(y);
    const yl = y - yh;
    const ph = lh * yh;
    const pl = lh * yl + ll * y;
    const sum = ph + pl;
    if (sum > 129) { return infinity(); }
    if (sum < -151) { return 0; }
    const n = Math.floor(sum + 0.5);
    const r = (ph - n) + pl;
    return scale(1 + expm1Core(r * 0.6931471805599453), n);
  }`,
  powOf: `function powOf(x, y) {
    if (x == 1) { return 1; }
    if (y == 0) { return 1; }
    if (x != x) { return x; }
    if (y != y) { return y; }
    const a = Math.abs(x);
    const odd = Math.abs(y) - 2 * Math.floor(Math.abs(y) * 0.5);
    if (isInfinite(y) > 0.5) {
      if (a == 1) { return 1; }
      if (isLess(1, a) == isLess(0, y)) { return infinity(); }
      return 0;
    }
    let s = 1;
    if (odd == 1) { s = signOf(x); }
    if (a == 0) {
      if (y < 0) { return infinity() * s; }
      return a * s;
    }
    if (isInfinite(a) > 0.5) {
      if (y < 0) { return s / a; }
      return a * s;
    }
    if (x < 0) { if (Math.floor(y) != y) { return notANumber(); } }
    if (Math.abs(y) > 16777216000) {
      if (a == 1) { return 1; }
      if (isLess(1, a) == isLess(0, y)) { return infinity(); }
      return 0;
    }
    return powerCore(a, y) * s;
  }`,
};
