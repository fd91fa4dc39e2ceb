// Numbers expressions by structure: equal ones get one number, however often they were built.

import { dtypeCode } from "./dtype.js";
import { type Expr, operandsOf } from "./expr.js";

/** A growing table of distinct expressions. */
export class ExprTable {
  /** One line for each distinct expression, in order of first use; operands are line numbers. */
  readonly lines: string[] = [];
  readonly #exprs: Expr[] = [];
  readonly #byLine = new Map<string, number>();
  readonly #numbers = new Map<Expr, number>();

  /** The number of `expr`, the same for all that are built alike. */
  number(expr: Expr): number {
    const known = this.#numbers.get(expr);
    if (known !== undefined) return known;
    const operands = operandsOf(expr).map((operand) => this.number(operand));
    const line = `${head(expr)}(${operands.join()})${dtypeCode(expr.dtype)}`;
    let number = this.#byLine.get(line);
    if (number === undefined) {
      number = this.lines.push(line) - 1;
      this.#exprs.push(expr);
      this.#byLine.set(line, number);
    }
    this.#numbers.set(expr, number);
    return number;
  }

  /** The first expression that was built like `expr`. */
  canonical(expr: Expr): Expr {
    return this.#exprs[this.number(expr)] ?? expr;
  }
}

function head(expr: Expr): string {
  switch (expr.kind) {
    case "const":
      return `#${Object.is(expr.value, -0) ? "-0" : expr.value}`;
    case "scalar":
      return `$${expr.index}`;
    case "coord":
      return `@${expr.axis}`;
    case "stage":
      return `s${expr.stage}`;
    case "load":
      return `${expr.guard === undefined ? "load" : "guarded"}${expr.input}`;
    case "call":
      return expr.fn;
    case "cast":
      return `cast${dtypeCode(expr.value.dtype)}`;
    default:
      return expr satisfies never;
  }
}
