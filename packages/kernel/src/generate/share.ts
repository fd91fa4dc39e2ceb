// Makes equal sub-expressions of a kernel one node, so that generators compute them once.

import { type Expr, rewriteExpr } from "../expr.js";
import { ExprTable } from "../intern.js";
import type { Kernel } from "../kernel.js";

/** `kernel` with every expression rewritten by `rewrite` and equal nodes made identical. */
export function shareNodes(kernel: Kernel, rewrite: (expr: Expr) => Expr = (expr) => expr): Kernel {
  const table = new ExprTable();
  const rewritten = new Map<Expr, Expr>();
  const interned = new Map<Expr, Expr>();
  const shared = (expr: Expr): Expr =>
    rewriteExpr(rewriteExpr(expr, rewrite, rewritten), (node) => table.canonical(node), interned);
  return {
    ...kernel,
    stages: kernel.stages.map((stage) => ({ ...stage, value: shared(stage.value) })),
    outputs: kernel.outputs.map((output) => ({ ...output, value: shared(output.value) })),
  };
}
