// Simplifications for code without loops, where every sign and every cast is an instruction.

import { isFloat } from "../dtype.js";
import { type Call, call, type Expr } from "../expr.js";
import { simplifyNode } from "../simplify.js";

/** Simplifies the top of an expression without changing its value. */
export function simplified(expr: Expr): Expr {
  const simple = simplifyNode(expr);
  return simple.kind === "call" && isFloat(simple.dtype) ? withoutSigns(simple) : simple;
}

/** Moves signs outwards, to where sums and differences take them up. */
function withoutSigns(expr: Call): Expr {
  const [x, y] = expr.args;
  if (x === undefined || y === undefined) return expr;
  const [minusX, minusY] = [negated(x), negated(y)];
  switch (expr.fn) {
    case "add":
      if (minusY !== undefined) return call("sub", x, minusY);
      return minusX === undefined ? expr : call("sub", y, minusX);
    case "sub":
      return minusY === undefined ? expr : call("add", x, minusY);
    case "mul":
    case "div": {
      if (y.kind === "const" && y.value === -1) return call("neg", x);
      if (minusX === undefined && minusY === undefined) return expr;
      const size = call(expr.fn, minusX ?? x, minusY ?? y);
      return minusX !== undefined && minusY !== undefined ? size : call("neg", size);
    }
    default:
      return expr;
  }
}

function negated(expr: Expr): Expr | undefined {
  return expr.kind === "call" && expr.fn === "neg" ? expr.args[0] : undefined;
}
