// Comparison and choice. NaN is unequal to everything and wins max and min.

import type { FunctionTexts } from "./function-texts.js";

export const choice: FunctionTexts = {
  isEqual: "function isEqual(x, y) { if (x == y) { return 1; } return 0; }",
  isNotEqual: "function isNotEqual(x, y) { if (x == y) { return 0; } return 1; }",
  isLess: "function isLess(x, y) { if (x < y) { return 1; } return 0; }",
  isLessEqual: "function isLessEqual(x, y) { if (x <= y) { return 1; } return 0; }",
  choose: "function choose(c, x, y) { if (c > 0.5) { return x; } return y; }",
  maximum: `function maximum(x, y) {
    if (x != x) { return x; }
    if (y != y) { return y; }
    if (x > y) { return x; }
    if (x == y) { if (signOf(x) > 0) { return x; } }
    return y;
  }`,
  minimum: `function minimum(x, y) {
    if (x != x) { return x; }
    if (y != y) { return y; }
    if (x < y) { return x; }
    if (x == y) { if (signOf(x) < 0) { return x; } }
    return y;
  }`,
  // Whether a value takes the place of the best one so far: greater, smaller, or the first NaN.
  greaterThanBest: `function greaterThanBest(x, best) {
    if (x > best) { return 1; }
    if (x != x) { if (best == best) { return 1; } }
    return 0;
  }`,
  lessThanBest: `function lessThanBest(x, best) {
    if (x < best) { return 1; }
    if (x != x) { if (best == best) { return 1; } }
    return 0;
  }`,
  isInfinite: `function isInfinite(x) {
    if (x == 0) { return 0; }
    if (x == x * 0.5) { return 1; }
    return 0;
  }`,
  // Infinity - Infinity, from a number that overflows once it is squared often enough.
  infinity: `function infinity() {
    let big = 16777216;
    for (let i = 0; i < 6; i++) { big = big * big; }
    return big;
  }`,
  notANumber: "function notANumber() { const i = infinity(); return i - i; }",
  // The sign with that of zeros: 1 or -1.
  signOf: `function signOf(x) {
    if (x < 0) { return -1; }
    if (x == 0) { if (1 / x < 0) { return -1; } }
    return 1;
  }`,
  copySign: "function copySign(x, y) { return Math.abs(x) * signOf(y); }",
  logicalAnd: "function logicalAnd(x, y) { return x * y; }",
  logicalOr: "function logicalOr(x, y) { if (x + y > 0.5) { return 1; } return 0; }",
  logicalNot: "function logicalNot(x) { return 1 - x; }",
  toBool: "function toBool(x) { if (x == 0) { return 0; } return 1; }",
};
