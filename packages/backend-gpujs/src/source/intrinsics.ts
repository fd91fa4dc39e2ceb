// How each scalar function and each cast is written. Every value is a float: whole numbers are exact
// up to 2^24, bools are 0 and 1.

import { type DType, type Intrinsic, kindOf } from "@chainrule/kernel";

/** Writes a call from the texts of its operands. */
type Printer = (args: readonly string[]) => string;

/** By kind of the dtype computed in; what is absent is not defined for that kind. */
interface Printers {
  readonly float?: Printer;
  readonly int?: Printer;
  readonly uint8?: Printer;
  readonly bool?: Printer;
}

const named =
  (name: string): Printer =>
  (args) =>
    `${name}(${args.join(", ")})`;
const infix =
  (op: string): Printer =>
  ([x, y]) =>
    `(${x} ${op} ${y})`;
const same: Printer = ([x = ""]) => x;
const reversed =
  (name: string): Printer =>
  ([x, y]) =>
    `${name}(${y}, ${x})`;
const wrapped =
  (print: Printer): Printer =>
  (args) =>
    `wrapByte(${print(args)})`;

/** One way for every kind. */
function all(print: Printer): Printers {
  return { float: print, int: print, uint8: print, bool: print };
}
/** Integers of 8 bits wrap; those of 32 are exact only as long as they need not. */
function number(print: Printer): Printers {
  return { float: print, int: print, uint8: wrapped(print) };
}
function float(name: string): Printers {
  return { float: named(name) };
}
function rounding(name: string): Printers {
  return { float: named(name), int: same, uint8: same };
}
function bits(print: Printer): Printers {
  return { int: print, uint8: print };
}
function logic(name: string): Printers {
  return { bool: named(name) };
}

const printers: Readonly<Record<Intrinsic, Printers>> = {
  add: number(infix("+")),
  sub: number(infix("-")),
  mul: number(infix("*")),
  div: float("divide"),
  floorDiv: {
    float: named("floorDivide"),
    int: named("floorDivideInteger"),
    uint8: named("floorDivideInteger"),
  },
  mod: { float: named("floorModulo"), int: named("moduloInteger"), uint8: named("moduloInteger") },
  pow: { float: named("powOf"), int: named("powerInteger"), uint8: named("powerByte") },
  neg: number(([x]) => `(-${x})`),
  abs: all(named("Math.abs")),
  sign: { float: named("signum"), int: named("signum"), uint8: named("signum") },
  floor: rounding("Math.floor"),
  ceil: rounding("ceiling"),
  trunc: rounding("truncate"),
  round: rounding("roundHalfEven"),
  nextAfter: float("nextAfter"),
  max: all(named("maximum")),
  min: all(named("minimum")),
  select: all(named("choose")),
  exp: float("expOf"),
  expm1: float("expm1Of"),
  log: float("logOf"),
  log1p: float("log1pOf"),
  log2: float("log2Of"),
  log10: float("log10Of"),
  sqrt: float("Math.sqrt"),
  sin: float("sinOf"),
  cos: float("cosOf"),
  tan: float("tanOf"),
  asin: float("asinOf"),
  acos: float("acosOf"),
  atan: float("atanOf"),
  atan2: float("atan2Of"),
  sinh: float("sinhOf"),
  cosh: float("coshOf"),
  tanh: float("tanhOf"),
  asinh: float("asinhOf"),
  acosh: float("acoshOf"),
  atanh: float("atanhOf"),
  eq: all(named("isEqual")),
  ne: all(named("isNotEqual")),
  lt: all(named("isLess")),
  le: all(named("isLessEqual")),
  gt: all(reversed("isLess")),
  ge: all(reversed("isLessEqual")),
  and: logic("logicalAnd"),
  or: logic("logicalOr"),
  xor: logic("isNotEqual"),
  not: logic("logicalNot"),
  bitAnd: bits(named("bitAnd")),
  bitOr: bits(named("bitOr")),
  bitXor: bits(named("bitXor")),
  bitNot: { int: named("bitNot"), uint8: named("bitNotByte") },
  shiftLeft: { int: named("shiftLeft"), uint8: wrapped(named("shiftLeft")) },
  shiftRight: bits(named("shiftRight")),
  shiftRightLogical: bits(named("shiftRightLogical")),
  copy: all(same),
};

/** The call of `fn` on operands of `dtype`. */
export function printCall(fn: Intrinsic, dtype: DType, args: readonly string[]): string {
  const kind = kindOf(dtype);
  const print = printers[fn][dtype === "uint8" ? "uint8" : kind];
  if (print === undefined) throw new TypeError(`${fn} is not defined for ${dtype}`);
  return print(args);
}

/** `value` converted from one dtype to another. */
export function printCast(value: string, from: DType, to: DType): string {
  const fromFloat = kindOf(from) === "float";
  if (to === "bool") return from === "bool" ? value : `toBool(${value})`;
  if (to === "int32") return fromFloat ? `toInt32(${value})` : value;
  if (to === "uint8") {
    if (fromFloat) return `toUint8(${value})`;
    return from === "int32" ? `wrapByte(${value})` : value;
  }
  return value;
}
