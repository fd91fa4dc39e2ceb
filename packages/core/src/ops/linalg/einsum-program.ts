// What an einsum does, step by step: found from the labels of its equation, before any tensor is
// touched, so that it is found once for operands of equal shapes.

import { type Contraction, contraction, type Labels } from "./contract.js";
import type { EinsumLabels } from "./einsum-equation.js";

/**
 * The steps of an einsum.
 *
 * @internal
 */
export interface EinsumProgram {
  readonly operands: readonly Preparation[];
  /** Of the first operand with the second, of their product with the third, and so on. */
  readonly products: readonly Contraction[];
  /** How to order the axes of a single operand; of more, the last product has the right order. */
  readonly order: readonly number[] | undefined;
}

/**
 * What happens to one operand alone, in this order.
 *
 * @internal
 */
export interface Preparation {
  /** For each diagonal that is taken, the order of axes that brings its two axes last. */
  readonly diagonals: readonly (readonly number[])[];
  /** The shape without axes of extent 1 that stretch: multiplying repeats what lacks an axis. */
  readonly shape: readonly number[] | undefined;
  /** Axes to sum over. */
  readonly summed: readonly number[];
}

/**
 * The program for operands of `shapes` with these labels.
 *
 * @internal
 */
export function einsumProgram(
  { operands, output, extents }: EinsumLabels,
  shapes: readonly (readonly number[])[],
): EinsumProgram {
  const terms = operands.map((labels, i) => {
    const isOwn = (label: number): boolean =>
      shapes[i]?.[labels.indexOf(label)] === extents.get(label);
    const { diagonals, distinct } = diagonalsOf(labels);
    return { diagonals, distinct, own: distinct.filter(isOwn) };
  });
  // 1. Each operand alone: labels that no other operand and not the result has are summed first.
  const isShared = (label: number): boolean =>
    output.includes(label) || terms.filter(({ own }) => own.includes(label)).length > 1;
  const preparations = terms.map(
    ({ diagonals, distinct, own }): Preparation => ({
      diagonals,
      shape: own.length < distinct.length ? own.map((label) => extents.get(label) ?? 1) : undefined,
      summed: own.flatMap((label, axis) => (isShared(label) ? [] : [axis])),
    }),
  );
  // 2. Products from the left, each summed over what is not needed further on.
  const [first = [], ...rest] = terms.map(({ own }) => own.filter(isShared));
  let product: Labels = first;
  const products = rest.map((labels, i) => {
    const later = rest.slice(i + 1).flat();
    const isNeeded = (label: number): boolean => output.includes(label) || later.includes(label);
    const both = [...new Set([...product, ...labels])];
    const result = i === rest.length - 1 ? output : both.filter(isNeeded);
    const step = contraction(product, labels, result);
    product = result;
    return step;
  });
  const order = rest.length > 0 ? undefined : output.map((label) => first.indexOf(label));
  return { operands: preparations, products, order };
}

/** The diagonals that leave each label once, and the labels then. */
function diagonalsOf(labels: Labels): { diagonals: number[][]; distinct: Labels } {
  const second = labels.findIndex((label, axis) => labels.indexOf(label) < axis);
  const repeated = labels[second];
  if (repeated === undefined) return { diagonals: [], distinct: labels };
  const first = labels.indexOf(repeated);
  const axes = labels.map((_, axis) => axis).filter((axis) => axis !== first && axis !== second);
  const { diagonals, distinct } = diagonalsOf([...axes.map((axis) => labels[axis] ?? 0), repeated]);
  return { diagonals: [[...axes, first, second], ...diagonals], distinct };
}
