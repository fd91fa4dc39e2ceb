// Where an element lies, as a sum: a part that stays, a step for each axis, and the terms that are
// not linear in the axes (a loaded index, a quotient).

import type { Expr } from "../expr.js";
import type { StrideClass } from "../kernel.js";

/** `constant` elements and, for each dimension listed, a multiple of its stride. */
export interface Steps {
  readonly constant: number;
  readonly strides: ReadonlyMap<number, number>;
}

/** The address of an element, counted from the offset of its operand. */
export interface Address {
  readonly base: Steps;
  /** How far one turn of an axis moves it; axes that do not move it are absent. */
  readonly axes: ReadonlyMap<number, Steps>;
  readonly rest: readonly { readonly expr: Expr; readonly steps: Steps }[];
}

/** The address of the element at `index` of an operand with strides of these classes. */
export function addressOf(index: readonly Expr[], strides: readonly StrideClass[]): Address {
  const base = new StepsSum();
  const axes = new Map<number, StepsSum>();
  const rest = new Map<Expr, StepsSum>();
  for (const [dim, position] of index.entries()) {
    const stride = strides[dim] ?? 0;
    if (stride === 0) continue;
    const affine = affineForm(position);
    base.add(dim, stride, affine.constant);
    for (const [axis, times] of affine.axes) sumAt(axes, axis).add(dim, stride, times);
    for (const [expr, times] of affine.rest) sumAt(rest, expr).add(dim, stride, times);
  }
  return {
    base,
    axes: new Map([...axes].filter(([, steps]) => !steps.none)),
    rest: [...rest].flatMap(([expr, steps]) => (steps.none ? [] : [{ expr, steps }])),
  };
}

/** The number of elements of a step that is known before the run; undefined when strides decide. */
export function immediate(steps: Steps | undefined): number | undefined {
  if (steps === undefined) return 0;
  return steps.strides.size === 0 ? steps.constant : undefined;
}

class StepsSum implements Steps {
  constant = 0;
  readonly strides: Map<number, number> = new Map();

  add(dim: number, stride: StrideClass, times: number): void {
    if (stride === 1) this.constant += times;
    else if (stride === "n") {
      const sum = (this.strides.get(dim) ?? 0) + times;
      if (sum === 0) this.strides.delete(dim);
      else this.strides.set(dim, sum);
    }
  }

  get none(): boolean {
    return this.constant === 0 && this.strides.size === 0;
  }
}

function sumAt<K>(sums: Map<K, StepsSum>, key: K): StepsSum {
  const known = sums.get(key);
  if (known !== undefined) return known;
  const made = new StepsSum();
  sums.set(key, made);
  return made;
}

interface AffineForm {
  constant: number;
  readonly axes: Map<number, number>;
  readonly rest: Map<Expr, number>;
}

/**
 * `expr` as a constant, multiples of axes and a rest. Exact modulo 2^32, as is the wrapping
 * arithmetic it takes apart, so the address agrees wherever the index is in range.
 */
function affineForm(expr: Expr): AffineForm {
  const form: AffineForm = { constant: 0, axes: new Map(), rest: new Map() };
  collect(expr, 1, form);
  return form;
}

function collect(expr: Expr, times: number, form: AffineForm): void {
  if (expr.kind === "const") form.constant += times * expr.value;
  else if (expr.kind === "coord") increase(form.axes, expr.axis, times);
  else
    for (const { part, factor } of partsOf(expr, times))
      if (part === expr) increase(form.rest, expr, factor);
      else collect(part, factor, form);
}

/** What `times` times `expr` is the sum of; `expr` itself where it cannot be taken apart. */
function partsOf(expr: Expr, times: number): { part: Expr; factor: number }[] {
  const [x, y] = expr.kind === "call" ? expr.args : [];
  const fn = expr.kind === "call" ? expr.fn : undefined;
  if (fn === "copy" && x !== undefined) return [{ part: x, factor: times }];
  if (fn === "neg" && x !== undefined) return [{ part: x, factor: -times }];
  if (x !== undefined && y !== undefined) {
    if (fn === "add" || fn === "sub")
      return [
        { part: x, factor: times },
        { part: y, factor: fn === "add" ? times : -times },
      ];
    if (fn === "mul" && y.kind === "const" && isSmall(times * y.value))
      return [{ part: x, factor: times * y.value }];
    if (fn === "mul" && x.kind === "const" && isSmall(times * x.value))
      return [{ part: y, factor: times * x.value }];
  }
  return [{ part: expr, factor: times }];
}

function increase<K>(sums: Map<K, number>, key: K, by: number): void {
  sums.set(key, (sums.get(key) ?? 0) + by);
}

/** Factors stay far from where doubles stop being exact. */
function isSmall(times: number): boolean {
  return Math.abs(times) < 2 ** 24;
}
