// Elementary functions where the host computes: those of JavaScript.

import type { FunctionTexts } from "./function-texts.js";

const unary =
  "exp expm1 log log1p log2 log10 sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh";

export const hostMath: FunctionTexts = {
  ...Object.fromEntries(
    unary.split(" ").map((fn) => [`${fn}Of`, `function ${fn}Of(x) { return Math.${fn}(x); }`]),
  ),
  atan2Of: "function atan2Of(y, x) { return Math.atan2(y, x); }",
  // C's pow: 1 to any power and anything to the power 0 are 1, NaN included.
  powOf: `function powOf(x, y) {
    if (x == 1) { return 1; }
    if (x == -1) { if (isInfinite(y) > 0.5) { return 1; } }
    return Math.pow(x, y);
  }`,
};
