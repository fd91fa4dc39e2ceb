// What a language with infix operators supplies to have kernels printed in it: a table of scalar
// functions, how numbers, casts and memory look, and its loops. The order of work is not its
// business: `loop-nest.ts` decides that, `print-nest.ts` walks it.

import type { DType, DTypeKind } from "../dtype.js";
import type { Intrinsic } from "../intrinsics.js";
import type { Reducer } from "../kernel.js";

/** A printed expression. */
export interface Code {
  readonly text: string;
  /** How tightly its outermost operator binds: see {@link binding}. */
  readonly binds: number;
  /** Set when it is a truth value of the language, not the number 0 or 1 that a bool is in memory. */
  readonly truth?: boolean;
  /** Its value, where known. */
  readonly constant?: number;
  /** Set when it is an integer known to be at least 0. */
  readonly natural?: boolean;
}

/** The precedences of C, which every language here shares. */
export const binding = {
  atom: 15,
  prefix: 13,
  "*": 12,
  "/": 12,
  "%": 12,
  "+": 11,
  "-": 11,
  "<<": 10,
  ">>": 10,
  ">>>": 10,
  "<": 9,
  "<=": 9,
  ">": 9,
  ">=": 9,
  "===": 8,
  "!==": 8,
  "&": 7,
  "^": 6,
  "|": 5,
  "&&": 4,
  "||": 3,
  "?:": 2,
  ",": 1,
} as const;

/** Prints a call of one intrinsic; `dtype` is that of its operands. */
export type CallPrinter = (args: readonly Code[], dtype: DType) => Code;

/** Printers of every intrinsic, by the kind of its operands: a missing intrinsic does not compile. */
export type CallPrinters = Readonly<
  Record<Intrinsic, Readonly<Partial<Record<DTypeKind, CallPrinter>>>>
>;

/** A variable that moves along with a loop: it starts at `from` and grows by `step` each turn. */
export interface Pointer {
  readonly name: string;
  readonly from: Code;
  readonly step: Code;
}

/** One pass of a loop: `index` goes up by `by` as long as a whole step of `by` fits below `extent`. */
export interface LoopPass {
  readonly index: string;
  readonly extent: Code;
  readonly by: number;
  readonly pointers: readonly Pointer[];
}

/** What the loops take for granted: the text around them declares these. */
export interface NestNames {
  /** The array of an operand. */
  array(operand: number): string;
  /** The element at which an operand starts. */
  offset(operand: number): Code;
  stride(operand: number, dim: number): Code;
  extent(axis: number): Code;
  scalar(index: number): Code;
}

/** A language that kernels are printed in. */
export interface Language {
  readonly calls: CallPrinters;
  literal(value: number, dtype: DType): Code;
  /** `value`, a number, as a `to`. */
  cast(value: Code, from: DType, to: DType): Code;
  /** A bool as the number 0 or 1; other values pass. */
  number(value: Code): Code;
  /** A bool as what the language branches on. */
  condition(value: Code): Code;
  /** One of two values; the other one is not evaluated. */
  choose(condition: Code, yes: Code, no: Code): Code;
  /** Sums and products of addresses. */
  addressSum(x: Code, y: Code): Code;
  addressProduct(x: Code, y: Code): Code;
  load(array: string, address: Code): Code;
  store(array: string, address: Code, value: Code): string;
  /** The declaration of a value that stays, and of a variable. */
  constant(name: string, value: Code, dtype: DType): string;
  variable(name: string, value: Code, dtype: DType): string;
  assign(name: string, value: Code): string;
  /** `total` combined with one more value: sum, prod, max or min. */
  combine(reduce: Reducer, total: Code, value: Code, dtype: DType): Code;
  /** Whether `value` wins an argmax or argmin over `best`. */
  wins(reduce: Reducer, value: Code, best: Code, dtype: DType): Code;
  /** Opens a loop whose variables it declares; `close` ends it. */
  openLoop(pass: LoopPass): string;
  /** Declares the variables of a loop in several passes, and opens each of these. */
  declareLoop(pass: LoopPass): readonly string[];
  openPass(pass: LoopPass): string;
  openIf(condition: Code): string;
  readonly close: string;
}

export function atom(text: string): Code {
  return { text, binds: binding.atom };
}

/** `code` as an operand of something that binds with strength `binds`. */
export function operand(code: Code, binds: number): string {
  return code.binds < binds ? `(${code.text})` : code.text;
}

/** `x op y`, grouping to the left. */
export function infix(op: keyof typeof binding, x: Code, y: Code): Code {
  const binds = binding[op];
  return { text: `${operand(x, binds)} ${op} ${operand(y, binds + 1)}`, binds };
}

/** `op x`. */
export function prefix(op: string, x: Code): Code {
  return { text: `${op}${operand(x, binding.prefix + 1)}`, binds: binding.prefix };
}

/** `fn(args)`. */
export function application(fn: string, ...args: readonly Code[]): Code {
  return atom(`${fn}(${args.map((arg) => operand(arg, binding["?:"])).join(", ")})`);
}
