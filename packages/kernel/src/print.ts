// Kernels as pseudo-code, for people: error reports, debug output, snapshots.

import { type Call, type Expr, operandsOf, walk } from "./expr.js";
import type { Intrinsic } from "./intrinsics.js";
import { type Kernel, operandAt, type Stage } from "./kernel.js";

/**
 * `kernel` as loops. Inputs are a, b, …, axes i, j, …, stages s0, s1, …; what is used more than once
 * is named below its user; `a.1` is the size of dimension 1 of a.
 *
 * @example
 * printKernel(matmul);
 * // matmul(a: float32[n, 1], b: float32[n, 1]) -> out: float32[n, 1]
 * // for i < out.0, j < out.1
 * //   s0 = sum over k < a.1: a[i, k] * b[k, j]
 * //   out[i, j] = s0
 */
export function printKernel(kernel: Kernel): string {
  const typed = (o: number): string => {
    const { dtype, strides } = operandAt(kernel, o);
    return `${operandName(kernel, o)}: ${dtype}[${strides.join(", ")}]`;
  };
  const bounds = (axes: readonly number[]): string =>
    axes.map((axis) => `${axisName(axis)} < ${extentName(kernel, axis)}`).join(", ");
  const outer = Array.from({ length: kernel.outer }, (_, axis) => axis);
  const position = outer.map(axisName).join(", ");

  const inputs = kernel.inputs.map((_, o) => typed(o));
  const scalars = kernel.scalars.map((dtype, index) => `scalar${index}: ${dtype}`);
  const outputs = kernel.outputs.map(({ aliases }, o) => {
    const over = aliases === undefined ? "" : ` over ${operandName(kernel, aliases)}`;
    return typed(kernel.inputs.length + o) + over;
  });
  const lines = [`${kernel.name}(${[...inputs, ...scalars].join(", ")}) -> ${outputs.join(", ")}`];
  if (kernel.outer > 0) lines.push(`for ${bounds(outer)}`);
  const printStage = ({ axes, reduce, value }: Stage, s: number): string[] => {
    const over = axes.length === 0 ? "one value" : bounds(axes);
    return assignment(kernel, `s${s} = ${reduce} over ${over}: `, value);
  };
  lines.push(...kernel.stages.flatMap(printStage));
  for (const [o, output] of kernel.outputs.entries()) {
    const target = `${operandName(kernel, kernel.inputs.length + o)}[${position}] = `;
    lines.push(...assignment(kernel, target, output.value));
  }
  const note = kernel.contraction;
  if (note !== undefined) {
    const axes = (["batch", "m", "n", "k"] as const).map(
      (role) => `${role} [${note[role].map(axisName).join(", ")}]`,
    );
    const factors = `${operandName(kernel, note.a)} by ${operandName(kernel, note.b)}`;
    lines.push(`  s${note.stage} is a contraction of ${factors}: ${axes.join(", ")}`);
  }
  return lines.join("\n");
}

/** One line for `value` and one for each node that it uses more than once. */
function assignment(kernel: Kernel, target: string, value: Expr): string[] {
  const names = new Map<Expr, string>();
  const where: string[] = [];
  const uses = new Map<Expr, number>();
  walk([value], (expr) => {
    for (const operand of operandsOf(expr)) uses.set(operand, (uses.get(operand) ?? 0) + 1);
  });
  walk([value], (expr) => {
    const isShort = operandsOf(expr).every((operand) => operandsOf(operand).length === 0);
    if ((uses.get(expr) ?? 0) < 2 || (expr.kind !== "call" && isShort)) return;
    const text = printExpr(kernel, expr, names).text;
    names.set(expr, `t${names.size}`);
    where.push(`    where ${names.get(expr)} = ${text}`);
  });
  return [`  ${target}${printExpr(kernel, value, names).text}`, ...where];
}

interface Printed {
  readonly text: string;
  /** How tightly its last operation binds; {@link atom} needs no parentheses. */
  readonly binds: number;
}

const atom = 20;
const prefix = 13;
const infix: Partial<Readonly<Record<Intrinsic, readonly [symbol: string, binds: number]>>> = {
  or: ["||", 2],
  xor: ["xor", 3],
  and: ["&&", 4],
  bitOr: ["|", 5],
  bitXor: ["^", 6],
  bitAnd: ["&", 7],
  eq: ["==", 8],
  ne: ["!=", 8],
  lt: ["<", 9],
  le: ["<=", 9],
  gt: [">", 9],
  ge: [">=", 9],
  shiftLeft: ["<<", 10],
  shiftRight: [">>", 10],
  shiftRightLogical: [">>>", 10],
  add: ["+", 11],
  sub: ["-", 11],
  mul: ["*", 12],
  div: ["/", 12],
  floorDiv: ["//", 12],
  mod: ["%", 12],
};
const prefixes: Partial<Readonly<Record<Intrinsic, string>>> = { neg: "-", not: "!", bitNot: "~" };

function printExpr(kernel: Kernel, expr: Expr, names: ReadonlyMap<Expr, string>): Printed {
  const name = names.get(expr);
  if (name !== undefined) return { text: name, binds: atom };
  const print = (operand: Expr): string => printExpr(kernel, operand, names).text;
  const printTight = (operand: Expr | undefined, binds: number): string => {
    if (operand === undefined) return "?";
    const inner = printExpr(kernel, operand, names);
    return inner.binds < binds ? `(${inner.text})` : inner.text;
  };
  switch (expr.kind) {
    case "const":
      return printConst(expr.value, expr.dtype);
    case "scalar":
      return { text: `scalar${expr.index}`, binds: atom };
    case "coord":
      return { text: axisName(expr.axis), binds: atom };
    case "stage":
      return { text: `s${expr.stage}`, binds: atom };
    case "cast":
      return { text: `${expr.dtype}(${print(expr.value)})`, binds: atom };
    case "load": {
      const text = `${operandName(kernel, expr.input)}[${expr.index.map(print).join(", ")}]`;
      if (expr.guard === undefined || expr.otherwise === undefined) return { text, binds: atom };
      return { text: printChoice(expr.guard, text, expr.otherwise), binds: 1 };
    }
    case "call":
      return printCall(expr);
    default:
      return expr satisfies never;
  }

  function printChoice(condition: Expr, yes: string, no: Expr): string {
    return `${printTight(condition, 2)} ? ${yes} : ${printTight(no, 2)}`;
  }

  function printCall({ fn, args }: Call): Printed {
    const [x, y, z] = args;
    const [symbol, binds = 0] = infix[fn] ?? [];
    if (symbol !== undefined && y !== undefined) {
      const isMinus = fn === "add" && y.kind === "const" && y.value < 0;
      const right = isMinus ? `- ${-y.value}` : `${symbol} ${printTight(y, binds + 1)}`;
      return { text: `${printTight(x, binds)} ${right}`, binds };
    }
    const sign = prefixes[fn];
    if (sign !== undefined) return { text: sign + printTight(x, prefix + 1), binds: prefix };
    if (fn === "select" && x !== undefined && z !== undefined)
      return { text: printChoice(x, printTight(y, 2), z), binds: 1 };
    return { text: `${fn}(${args.map(print).join(", ")})`, binds: atom };
  }
}

function printConst(value: number, dtype: string): Printed {
  if (dtype === "bool") return { text: value === 0 ? "false" : "true", binds: atom };
  const text = Object.is(value, -0) ? "-0" : `${value}`;
  return { text, binds: text.startsWith("-") ? prefix : atom };
}

function axisName(axis: number): string {
  const letter = "ijklmnopqrstuvwxyz"[axis];
  return letter ?? `axis${axis}`;
}

function operandName(kernel: Kernel, operand: number): string {
  const output = operand - kernel.inputs.length;
  if (output < 0) return "abcdefgh"[operand] ?? `in${operand}`;
  return kernel.outputs.length === 1 ? "out" : `out${output}`;
}

function extentName(kernel: Kernel, axis: number): string {
  const extent = kernel.axes[axis] ?? 0;
  if (typeof extent === "number") return `${extent}`;
  return `${operandName(kernel, extent.operand)}.${extent.dim}`;
}
