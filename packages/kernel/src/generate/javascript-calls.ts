// The scalar functions and casts of kernels in JavaScript. Values are numbers: floats are doubles
// (rounded where they are stored), an int32 is always within its range, a uint8 within 0 … 255.

import { type DType, kindOf } from "../dtype.js";
import {
  application,
  atom,
  binding,
  type CallPrinter,
  type CallPrinters,
  type Code,
  infix,
  prefix,
} from "./language.js";

/** Functions that generated code may call; the source of each, by name. */
export const helpers: Readonly<Record<string, string>> = {
  // Bit tricks: x ^ (x >> 31) is x or, below 0, -x - 1; so both quotients round towards -Infinity.
  floorDividePositive: "(x, c) => ((x ^ (x >> 31)) / c | 0) ^ (x >> 31)",
  moduloPositive: "(x, c) => x - Math.imul(floorDividePositive(x, c), c) | 0",
  floorDivideInteger: "(x, y) => y === 0 ? 0 : Math.floor(x / y) | 0",
  moduloInteger: "(x, y) => y === 0 ? 0 : modulo(x, y) | 0",
  copySign: "(x, sign) => sign < 0 || Object.is(sign, -0) ? -Math.abs(x) : Math.abs(x)",
  modulo: `(x, y) => {
  const rest = x % y;
  if (rest === 0) return copySign(0, y);
  return rest < 0 !== y < 0 ? rest + y : rest;
}`,
  floorDivide: `(x, y) => {
  if (y === 0 || x !== x || y !== y) return x / y;
  const rest = x % y;
  const quotient = (x - rest) / y - (rest !== 0 && rest < 0 !== y < 0 ? 1 : 0);
  if (quotient === 0) return copySign(0, x / y);
  const floor = Math.floor(quotient);
  return quotient - floor > 0.5 ? floor + 1 : floor;
}`,
  power: "(x, y) => x === 1 || (x === -1 && Math.abs(y) === Infinity) ? 1 : Math.pow(x, y)",
  powerInteger: `(x, y) => {
  if (y < 0) return x === 1 ? 1 : x === -1 ? (y % 2 === 0 ? 1 : -1) : 0;
  let result = 1;
  for (let rest = y, square = x; rest > 0; rest >>= 1) {
    if (rest & 1) result = Math.imul(result, square);
    square = Math.imul(square, square);
  }
  return result;
}`,
  // Above 2^52 every double is an integer, so that adding it rounds halves to even.
  roundHalfEven: `(x) =>
  Math.abs(x) < 4503599627370496
    ? copySign(Math.abs(x) + 4503599627370496 - 4503599627370496, x)
    : x`,
  // The bits of a float, read as an integer, count up with its magnitude, across exponents too.
  nextFloat: `(() => {
  const float = new Float32Array(1);
  const bits = new Int32Array(float.buffer);
  return (from, to) => {
    const x = Math.fround(from), y = Math.fround(to);
    if (x !== x) return x;
    if (x === y || y !== y) return y;
    if (x === 0) return y > 0 ? 2 ** -149 : -(2 ** -149);
    float[0] = x;
    bits[0] += y > x === x > 0 ? 1 : -1;
    return float[0];
  };
})()`,
  nextDouble: `(() => {
  const float = new Float64Array(1);
  const bits = new BigInt64Array(float.buffer);
  return (x, y) => {
    if (x !== x) return x;
    if (x === y || y !== y) return y;
    if (x === 0) return y > 0 ? Number.MIN_VALUE : -Number.MIN_VALUE;
    float[0] = x;
    bits[0] += y > x === x > 0 ? 1n : -1n;
    return float[0];
  };
})()`,
  toInt32: "(x) => x >= 2147483647 ? 2147483647 : x <= -2147483648 ? -2147483648 : x | 0",
  toUint8: "(x) => x >= 255 ? 255 : x <= 0 ? 0 : x | 0",
};

/** `value` as an integer of `dtype`, whatever its size. */
export function wrapped(value: Code, dtype: DType): Code {
  return dtype === "uint8" ? infix("&", value, literal(255)) : infix("|", value, literal(0));
}

/** A number as JavaScript writes it. */
export function literal(value: number): Code {
  const text = Object.is(value, -0) ? "-0" : String(value);
  const binds = text.startsWith("-") ? binding.prefix : binding.atom;
  return { text, binds, constant: value, natural: Number.isInteger(value) && value >= 0 };
}

/** A truth value as the number 0 or 1. A conditional would branch: 3 times slower on random data. */
export function asNumber(value: Code): Code {
  return value.truth ? prefix("+", value) : value;
}

export function asCondition(value: Code): Code {
  return value.truth ? value : infix("!==", value, literal(0));
}

/** `value` converted from one dtype to another. */
export function castTo(value: Code, from: DType, to: DType): Code {
  const fromFloat = kindOf(from) === "float";
  switch (to) {
    case "float64":
      return value;
    case "float32":
      return fromFloat || from === "int32" ? application("Math.fround", value) : value;
    case "int32":
      return fromFloat ? application("toInt32", value) : value;
    case "uint8":
      if (fromFloat) return application("toUint8", value);
      return from === "int32" ? wrapped(value, "uint8") : value;
    case "bool":
      return { ...infix("!==", value, literal(0)), truth: true };
    case "float16":
      throw new TypeError("JavaScript kernels have no float16");
    default:
      return to satisfies never;
  }
}

type Unary = (x: Code, dtype: DType) => Code;
type Binary = (x: Code, y: Code, dtype: DType) => Code;

const none = atom("undefined");

/** Printers of numbers: a truth value among the operands becomes 0 or 1. */
function unary(print: Unary): CallPrinter {
  return ([x = none], dtype) => print(asNumber(x), dtype);
}

function binary(print: Binary): CallPrinter {
  return ([x = none, y = none], dtype) => print(asNumber(x), asNumber(y), dtype);
}

function math(name: string): { readonly float: CallPrinter } {
  return { float: (args) => application(`Math.${name}`, ...args) };
}

const same: CallPrinter = ([x = none]) => x;

function comparison(op: keyof typeof binding): {
  readonly float: CallPrinter;
  readonly int: CallPrinter;
  readonly bool: CallPrinter;
} {
  const print = binary((x, y) => ({ ...infix(op, x, y), truth: true }));
  return { float: print, int: print, bool: print };
}

function extreme(fn: "Math.max" | "Math.min"): {
  readonly float: CallPrinter;
  readonly int: CallPrinter;
  readonly bool: CallPrinter;
} {
  const print = binary((x, y) => application(fn, x, y));
  return { float: print, int: print, bool: print };
}

/** Bools with `op`, which branches only where a condition is asked for. */
function logic(condition: "&&" | "||" | "!==", op: "&" | "|" | "^"): CallPrinter {
  return ([x = none, y = none]) =>
    x.truth || y.truth
      ? { ...infix(condition, asCondition(x), asCondition(y)), truth: true }
      : infix(op, x, y);
}

function bits(op: "&" | "|" | "^"): CallPrinter {
  return binary((x, y) => ({
    ...infix(op, x, y),
    natural: op === "&" ? (x.natural ?? false) || (y.natural ?? false) : false,
  }));
}

function powerOfTwo(code: Code): number | undefined {
  const exponent = Math.log2(code.constant ?? 0);
  return Number.isInteger(exponent) ? exponent : undefined;
}

const floorDivideInteger: Binary = (x, y) => {
  const exponent = powerOfTwo(y);
  if (exponent !== undefined)
    return { ...infix(">>", x, literal(exponent)), natural: x.natural ?? false };
  if (y.constant === undefined || y.constant <= 0) return application("floorDivideInteger", x, y);
  if (x.natural) return { ...infix("|", infix("/", x, y), literal(0)), natural: true };
  return application("floorDividePositive", x, y);
};

const moduloInteger: Binary = (x, y) => {
  if (powerOfTwo(y) !== undefined)
    return { ...infix("&", x, literal((y.constant ?? 1) - 1)), natural: true };
  if (y.constant === undefined || y.constant <= 0) return application("moduloInteger", x, y);
  const rest = x.natural ? infix("%", x, y) : application("moduloPositive", x, y);
  return { ...rest, natural: true };
};

/** C's pow is JavaScript's unless the exponent is infinite or NaN. */
const power: Binary = (x, y) =>
  application(Number.isFinite(y.constant) ? "Math.pow" : "power", x, y);

/** Prints every intrinsic; `select` for floats is the target's own. */
export function javaScriptCalls(selectFloat: CallPrinter): CallPrinters {
  const select: CallPrinter = ([c = none, x = none, y = none]) =>
    conditional(asCondition(c), asNumber(x), asNumber(y));
  return {
    add: {
      float: binary((x, y) => infix("+", x, y)),
      int: binary((x, y, d) => wrapped(infix("+", x, y), d)),
    },
    sub: {
      float: binary((x, y) => infix("-", x, y)),
      int: binary((x, y, d) => wrapped(infix("-", x, y), d)),
    },
    mul: {
      float: binary((x, y) => infix("*", x, y)),
      int: binary((x, y, dtype) => {
        const product = application("Math.imul", x, y);
        return dtype === "uint8" ? wrapped(product, dtype) : product;
      }),
    },
    div: { float: binary((x, y) => infix("/", x, y)) },
    floorDiv: {
      float: binary((x, y) => application("floorDivide", x, y)),
      int: binary(floorDivideInteger),
    },
    mod: { float: binary((x, y) => application("modulo", x, y)), int: binary(moduloInteger) },
    pow: {
      float: binary(power),
      int: binary((x, y, dtype) => {
        const result = application("powerInteger", x, y);
        return dtype === "uint8" ? wrapped(result, dtype) : result;
      }),
    },
    neg: { float: unary((x) => prefix("-", x)), int: unary((x, d) => wrapped(prefix("-", x), d)) },
    abs: {
      float: unary((x) => application("Math.abs", x)),
      int: unary((x, dtype) => wrapped(application("Math.abs", x), dtype)),
    },
    sign: {
      float: unary((x) => infix("+", application("Math.sign", x), literal(0))),
      int: unary((x) => application("Math.sign", x)),
    },
    floor: { ...math("floor"), int: same },
    ceil: { ...math("ceil"), int: same },
    trunc: { ...math("trunc"), int: same },
    round: { float: (args) => application("roundHalfEven", ...args), int: same },
    nextAfter: {
      float: binary((x, y, dtype) =>
        application(dtype === "float64" ? "nextDouble" : "nextFloat", x, y),
      ),
    },
    max: extreme("Math.max"),
    min: extreme("Math.min"),
    select: { float: selectFloat, int: select, bool: select },
    exp: math("exp"),
    expm1: math("expm1"),
    log: math("log"),
    log1p: math("log1p"),
    log2: math("log2"),
    log10: math("log10"),
    sqrt: math("sqrt"),
    sin: math("sin"),
    cos: math("cos"),
    tan: math("tan"),
    asin: math("asin"),
    acos: math("acos"),
    atan: math("atan"),
    atan2: math("atan2"),
    sinh: math("sinh"),
    cosh: math("cosh"),
    tanh: math("tanh"),
    asinh: math("asinh"),
    acosh: math("acosh"),
    atanh: math("atanh"),
    eq: comparison("==="),
    ne: comparison("!=="),
    lt: comparison("<"),
    le: comparison("<="),
    gt: comparison(">"),
    ge: comparison(">="),
    and: { bool: logic("&&", "&") },
    or: { bool: logic("||", "|") },
    xor: { bool: logic("!==", "^") },
    not: {
      bool: ([x = none]) =>
        x.truth ? { ...prefix("!", x), truth: true } : infix("-", literal(1), x),
    },
    bitAnd: { int: bits("&") },
    bitOr: { int: bits("|") },
    bitXor: { int: bits("^") },
    bitNot: {
      int: unary((x, d) => (d === "uint8" ? wrapped(prefix("~", x), d) : prefix("~", x))),
    },
    shiftLeft: {
      int: binary((x, y, d) => (d === "uint8" ? wrapped(infix("<<", x, y), d) : infix("<<", x, y))),
    },
    shiftRight: { int: binary((x, y) => infix(">>", x, y)) },
    shiftRightLogical: { int: binary((x, y, dtype) => wrapped(infix(">>>", x, y), dtype)) },
    copy: { float: same, int: same, bool: same },
  };
}

/** `condition ? yes : no`. */
export function conditional(condition: Code, yes: Code, no: Code): Code {
  const wrap = (code: Code): string => (code.binds <= binding["?:"] ? `(${code.text})` : code.text);
  return { text: `${wrap(condition)} ? ${wrap(yes)} : ${wrap(no)}`, binds: binding["?:"] };
}
