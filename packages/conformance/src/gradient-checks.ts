// Gradients of first and second order against finite differences, in float64.

import { gradCheck, type Tensor } from "@chainrule/core";
import type { Bench, Check } from "./check.js";
import { operandOf, type Values } from "./values.js";
import { ensure, operandsOn, type Subject } from "./verify.js";

/** A function and the place where its gradients are tried. */
export interface GradientSubject {
  readonly id: string;
  readonly op: string;
  readonly subject: Subject;
  readonly operands: readonly Values[];
}

/**
 * Two checks: the gradient, and the gradient of the gradient. Operands of int or bool dtype and
 * numbers are constants. Operands must lie away from kinks, further than the finite step.
 */
export function gradientChecks(of: GradientSubject): Check[] {
  return [
    gradientCheck(of, "gradient", { secondOrder: false }),
    // Where the gradient is steep, its own finite difference is less exact.
    gradientCheck(of, "second order", { secondOrder: true, absolute: 1e-5, relative: 1e-3 }),
  ];
}

function gradientCheck(
  of: GradientSubject,
  title: string,
  options: { secondOrder: boolean; absolute?: number; relative?: number },
): Check {
  const run = async (bench: Bench): Promise<void> => {
    const { op, subject } = of;
    const operands = of.operands.map(operandOf);
    const all = operandsOn(bench, { operands, float: "float64" });
    const isVariable = (i: number): boolean => {
      const operand = operands[i];
      return typeof operand === "object" && operand.dtype === "float";
    };
    const variables = all.filter((_, i) => isVariable(i));
    ensure(variables.length > 0, "a gradient check needs a float operand");
    const fn = (...xs: Tensor[]): Tensor => {
      let next = 0;
      const result = subject(
        ...all.map((operand, i) => (isVariable(i) ? (xs[next++] ?? operand) : operand)),
      );
      ensure(!(result instanceof Promise), "gradients of promised results come from c.torch");
      // With its square the gradient of a linear function has a gradient too.
      return options.secondOrder ? result.add(result.square()) : result;
    };
    ensure(dependsOn(fn, variables), `${op} records no graph: its result does not require grad`);
    await gradCheck(fn, variables, options);
  };
  const dtype = "float64";
  return { id: `${of.id} > ${title}`, tier: 3, dtype, needs: { dtypes: [dtype] }, run };
}

function dependsOn(fn: (...xs: Tensor[]) => Tensor, variables: readonly Tensor[]): boolean {
  const leaves = variables.map((x) => x.detach());
  for (const leaf of leaves) leaf.requiresGrad = true;
  return fn(...leaves).requiresGrad;
}

/** A check that an operation without a derivative records nothing. */
export function nonDifferentiableCheck(of: GradientSubject): Check {
  const run = async (bench: Bench): Promise<void> => {
    const { op, subject } = of;
    const operands = of.operands.map(operandOf);
    const all = operandsOn(bench, { operands, float: "float32" });
    for (const [i, operand] of operands.entries()) {
      const x = all[i];
      if (typeof operand === "object" && operand.dtype === "float" && x !== undefined) {
        x.requiresGrad = true;
      }
    }
    const { requiresGrad } = await subject(...all);
    ensure(!requiresGrad, `${op} has no derivative, so it must record no graph`);
  };
  return { id: `${of.id} > records no graph`, tier: 3, run };
}
