// The inverse of the normal distribution function, by rational polynomials of our own arithmetic:
// engines' Math.log differ in the last bit, these do not.

import type { Generator } from "./generator.js";

/**
 * `n` numbers of the standard normal distribution, mean 0 and standard deviation 1, computed on the
 * host: two words of `generator` for each.
 *
 * @example
 * standardNormal(new Generator(1), 3).length // => 3
 */
export function standardNormal(generator: Generator, n: number): Float64Array {
  const numbers = generator.uniform64(n);
  for (let i = 0; i < n; i++) numbers[i] = inverseNormal((numbers[i] ?? 0) + 2 ** -54);
  return numbers;
}

/** Evaluates a polynomial, lowest coefficient first. */
function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i--) value = value * x + (coefficients[i] ?? 0);
  return value;
}

// Coefficients of algorithm AS 241 (PPND16), accurate to about 1e-16.
const centralTop = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987,
  67265.7709270087, 33430.57558358813, 2509.0809287301227,
];
const centralBottom = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271,
  28729.085735721943, 5226.495278852854,
];
const middleTop = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684,
  0.2417807251774506, 0.022723844989269184, 0.0007745450142783414,
];
const middleBottom = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008,
  0.015198666563616457, 0.0005475938084995345, 1.0507500716444169e-9,
];
const tailTop = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487,
  0.026532189526576124, 0.0012426609473880784, 2.7115555687434876e-5, 2.0103343992922881e-7,
];
const tailBottom = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133,
  1.8463183175100548e-5, 1.421511758316446e-7, 2.0442631033899397e-15,
];

/**
 * The z for which a standard normal number is below z with probability `p`, 0 < p < 1.
 *
 * Source: Wichura 1988, Algorithm AS 241: the percentage points of the normal distribution.
 */
export function inverseNormal(p: number): number {
  const q = p - 0.5;
  if (Math.abs(q) <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centralTop, r)) / polynomial(centralBottom, r);
  }
  const r = Math.sqrt(-logarithm(q < 0 ? p : 1 - p));
  const size =
    r <= 5
      ? polynomial(middleTop, r - 1.6) / polynomial(middleBottom, r - 1.6)
      : polynomial(tailTop, r - 5) / polynomial(tailBottom, r - 5);
  return q < 0 ? -size : size;
}

/** The natural logarithm of 0 < x ≤ 1 by exact halvings and the series of 2 artanh. */
function logarithm(x: number): number {
  let m = x;
  let halvings = 0;
  while (m < Math.SQRT1_2) {
    m *= 2;
    halvings += 1;
  }
  // ln m = 2 artanh(s) = 2 (s + s³/3 + s⁵/5 + …), |s| ≤ 0.172
  const s = (m - 1) / (m + 1);
  const s2 = s * s;
  let sum = 0;
  for (let k = 23; k >= 1; k -= 2) sum = sum * s2 + 1 / k;
  return 2 * s * sum - halvings * Math.LN2;
}
