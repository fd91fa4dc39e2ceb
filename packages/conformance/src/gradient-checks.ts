// Gradients of first and second order against finite differences, in float64.

import { customGrad, enableGrad, grad, gradCheck, type Tensor, zerosLike } from "@chainrule/core";
import type { Bench, Check } from "./check.js";
import { weigh } from "./torch-checks.js";
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
    if (!bench.compiled) {
      await gradCheck(fn, variables, options);
      return;
    }
    const tried = options.secondOrder ? slopeOf(fn) : fn;
    await gradCheck(byProgram(bench, tried), variables, { ...options, secondOrder: false });
  };
  const dtype = "float64";
  const needs = { dtypes: [dtype] } as const;
  return { id: `${of.id} > ${title}`, tier: 3, dtype, needs, compiles: true, run };
}

type Fn = (...xs: Tensor[]) => Tensor;

/** The gradients of the sum of what `fn` gives; zeros where it does not depend on its operands. */
function gradientsOf(fn: Fn, xs: readonly Tensor[]): readonly Tensor[] {
  const argnums = xs.map((_, i) => i);
  return enableGrad(() => dependsOn(fn, xs))
    ? grad((...ys: Tensor[]) => fn(...ys).sum(), { argnums })(...xs)
    : xs.map((x) => zerosLike(x));
}

/** The gradients of the weighed result of `fn`, weighed. */
function slopeOf(fn: Fn): Fn {
  return (...xs) =>
    gradientsOf((...ys) => weigh(fn(...ys)), xs)
      .map(weigh)
      .reduce((a, b) => a.add(b));
}

/** `fn`, whose gradients a program computes. */
function byProgram(bench: Bench, fn: Fn): Fn {
  const pull = bench.prepared((gradient: Tensor, ...xs: Tensor[]) =>
    gradientsOf((...ys) => fn(...ys).mul(gradient), xs),
  );
  let operands: readonly Tensor[] = [];
  return customGrad({
    forward: (...xs: Tensor[]) => {
      operands = xs.map((x) => x.detach());
      return fn(...xs);
    },
    backward: (gradient) => {
      // First with other elements: the call that records is not the one to judge.
      pull(gradient, ...operands.map((x) => x.flip().copy()));
      return pull(gradient, ...operands);
    },
  });
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
    const { requiresGrad } = await bench.prepared(subject)(...all);
    ensure(!requiresGrad, `${op} has no derivative, so it must record no graph`);
  };
  return { id: `${of.id} > records no graph`, tier: 3, compiles: true, run };
}
