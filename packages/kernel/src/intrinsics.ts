// The scalar functions a kernel may call. A generator prints each of them: its table is a
// `Record<Intrinsic, …>`, so the compiler names the generators that miss a new one.

/** What dtype a call has: that of its operands, bool, or that of its last operands (`select`). */
export type ResultRule = "operand" | "bool" | "branch";

/** The name of a scalar function. */
// biome-ignore format: one line for each group of the table below
export type Intrinsic =
  | "add" | "sub" | "mul" | "div" | "floorDiv" | "mod" | "pow" | "neg" | "abs" | "sign"
  | "floor" | "ceil" | "trunc" | "round" | "nextAfter"
  | "max" | "min" | "select"
  | "exp" | "expm1" | "log" | "log1p" | "log2" | "log10" | "sqrt"
  | "sin" | "cos" | "tan" | "asin" | "acos" | "atan" | "atan2"
  | "sinh" | "cosh" | "tanh" | "asinh" | "acosh" | "atanh"
  | "eq" | "ne" | "lt" | "le" | "gt" | "ge"
  | "and" | "or" | "xor" | "not"
  | "bitAnd" | "bitOr" | "bitXor" | "bitNot" | "shiftLeft" | "shiftRight" | "shiftRightLogical"
  | "copy";

/** Arity and dtype rule of an intrinsic. */
export interface IntrinsicInfo {
  readonly arity: 1 | 2 | 3;
  readonly result: ResultRule;
  /** Which kinds of operands it takes. */
  readonly operands: "any" | "float" | "number" | "int" | "bool";
}

const any1 = { arity: 1, result: "operand", operands: "any" } as const;
const number1 = { arity: 1, result: "operand", operands: "number" } as const;
const number2 = { arity: 2, result: "operand", operands: "number" } as const;
const float1 = { arity: 1, result: "operand", operands: "float" } as const;
const float2 = { arity: 2, result: "operand", operands: "float" } as const;
const int2 = { arity: 2, result: "operand", operands: "int" } as const;
const compare = { arity: 2, result: "bool", operands: "any" } as const;

/**
 * Every intrinsic with its arity and dtype rule. All operands of a call have one dtype (`select`:
 * a bool, then two of one dtype). Integer arithmetic wraps to its width.
 */
export const intrinsics: Readonly<Record<Intrinsic, IntrinsicInfo>> = {
  // 1. arithmetic
  add: number2,
  sub: number2,
  mul: number2,
  div: float2, // IEEE division
  floorDiv: number2, // rounds towards minus infinity; an integer divided by 0 gives 0
  mod: number2, // takes the sign of the divisor, as Python's %; an integer mod 0 gives 0
  pow: number2, // C's pow; an integer base wraps, a negative integer exponent gives 0 (±1 for base ±1)
  neg: number1,
  abs: number1,
  sign: number1, // -1, 0, 1; keeps NaN, and -0 gives 0
  // 2. rounding: integers pass unchanged
  floor: number1,
  ceil: number1,
  trunc: number1,
  round: number1, // halves go to the even neighbour
  nextAfter: float2, // the number of the dtype that follows the first operand towards the second
  // 3. choice: NaN in, NaN out
  max: { arity: 2, result: "operand", operands: "any" },
  min: { arity: 2, result: "operand", operands: "any" },
  select: { arity: 3, result: "branch", operands: "any" },
  // 4. exponentials and powers
  exp: float1,
  expm1: float1,
  log: float1,
  log1p: float1,
  log2: float1,
  log10: float1,
  sqrt: float1,
  // 5. trigonometry, in radians
  sin: float1,
  cos: float1,
  tan: float1,
  asin: float1,
  acos: float1,
  atan: float1,
  atan2: float2,
  sinh: float1,
  cosh: float1,
  tanh: float1,
  asinh: float1,
  acosh: float1,
  atanh: float1,
  // 6. comparison: NaN is unequal to everything
  eq: compare,
  ne: compare,
  lt: compare,
  le: compare,
  gt: compare,
  ge: compare,
  // 7. logic on bool
  and: { arity: 2, result: "bool", operands: "bool" },
  or: { arity: 2, result: "bool", operands: "bool" },
  xor: { arity: 2, result: "bool", operands: "bool" },
  not: { arity: 1, result: "bool", operands: "bool" },
  // 8. bits of integers; shift counts outside 0..31 are undefined
  bitAnd: int2,
  bitOr: int2,
  bitXor: int2,
  bitNot: { arity: 1, result: "operand", operands: "int" },
  shiftLeft: int2,
  shiftRight: int2, // arithmetic: keeps the sign
  shiftRightLogical: int2, // fills with zeros
  // 9. identity, so that a kernel can be a plain copy with a name
  copy: any1,
};

/** Arity and dtype rule of `fn`. */
export function intrinsicInfo(fn: Intrinsic): IntrinsicInfo {
  return intrinsics[fn];
}
