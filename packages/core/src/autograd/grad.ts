// Gradients as functions: `grad(f)` is the function that computes f's gradient.

import { applyView } from "../engine/apply.js";
import { filled } from "../engine/fill.js";
import { formatValue, GradientError, ValueError } from "../errors.js";
import {
  type Attrs,
  definePrimitive,
  noAttrs,
  type Primitive,
  type TensorSpec,
} from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { seedFor, walkBackward } from "./backward.js";
import { enableGrad, ensureSynchronous, isGradEnabled, noGrad } from "./grad-mode.js";
import { Node } from "./node.js";

/** Which arguments {@link grad} differentiates by: one position, or several. */
export interface GradOptions<N extends number | readonly number[] = number | readonly number[]> {
  /** Default 0. */
  readonly argnums?: N;
}

type GradientOf<T> = T extends Tensor<infer D> ? Tensor<D> : Tensor;

/**
 * Of arguments `A` the gradient by one position `N`, or those by several in an array; each has the
 * dtype of its argument.
 */
export type GradientsOf<A extends readonly unknown[], N> = N extends readonly number[]
  ? { -readonly [I in keyof N]: GradientOf<A[N[I] & keyof A]> }
  : GradientOf<A[N & keyof A]>;

/**
 * The function that returns `fn`'s result and its gradient.
 *
 * @example
 * valueAndGrad((x: Tensor) => x.square().sum())(tensor([3])) // => [9, [6]]
 */
export function valueAndGrad<
  A extends readonly unknown[],
  const N extends number | readonly number[] = 0,
>(
  fn: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): <B extends A>(...args: B) => [value: Tensor, gradient: GradientsOf<B, N>] {
  const argnums = options.argnums ?? 0;
  const wanted: readonly number[] = typeof argnums === "number" ? [argnums] : argnums;
  return <B extends A>(...args: B) => {
    const variables = wanted.map((index) => variableFor(args[index], index));
    const tracked = args.map((arg, i) => variables[wanted.indexOf(i)] ?? arg) as unknown as A;
    const value = enableGrad(() => ensureSynchronous("grad", fn(...tracked)));
    const outer = isGradEnabled() && dependsOnOthers(value, variables);
    const gradients = gradientsOf(value, variables, { createGraph: outer });
    const result = outer ? value : value.detach();
    const gradient = typeof argnums === "number" ? gradients[0] : gradients;
    return [result, gradient as GradientsOf<B, N>];
  };
}

/**
 * The function that computes the gradient of `fn`, a function to a tensor of one element, with
 * respect to its first argument or the ones in `argnums`. Gradients can be taken of gradients.
 *
 * Throws: GradientError when the result has more than one element or does not depend on the
 * arguments; ValueError for an async `fn`.
 *
 * @example
 * grad((x: Tensor) => x.pow(3).sum())(tensor([2])) // => [12]
 * grad(grad((x: Tensor) => x.pow(3)))(tensor(2)) // => 12
 */
export function grad<A extends readonly unknown[], const N extends number | readonly number[] = 0>(
  fn: (...args: A) => Tensor,
  options: GradOptions<N> = {},
): <B extends A>(...args: B) => GradientsOf<B, N> {
  const both = valueAndGrad(fn, options);
  return <B extends A>(...args: B) => both<B>(...args)[1];
}

/** The gradients of `value` with respect to `variables`; zeros where it does not depend on one. */
export function gradientsOf(
  value: Tensor,
  variables: readonly Tensor[],
  options: {
    readonly createGraph?: boolean;
    readonly gradient?: Tensor;
    readonly retainGraph?: boolean;
  } = {},
): Tensor[] {
  const targets = new Set<Tensor | Node>(variables.map((x) => x.node ?? x));
  const found = new Map<Tensor | Node, Tensor>();
  const seed = seedFor("grad", value, options.gradient);
  const collect = (target: Tensor | Node, gradient: Tensor): void => {
    const before = found.get(target);
    found.set(target, before === undefined ? gradient : before.add(gradient));
  };
  walkBackward(value, seed, targets, collect, options);
  return variables.map(
    (x) => found.get(x.node ?? x) ?? filled(x.storage.device, 0, x.dtype, x.shape),
  );
}

/** The same elements as a new node of the graph, so that only uses through it count. */
const identity: Primitive = definePrimitive<Attrs, [TensorSpec]>({
  name: "identity",
  infer: ([x]) => x,
  lower: () => [],
  vjp: [(gradient) => gradient],
  saves: "nothing",
  batch: ([x]) => x as Tensor,
});

function variableFor(arg: unknown, index: number): Tensor {
  const x = arg as Tensor;
  if (typeof arg !== "object" || arg === null || !("layout" in arg)) {
    throw new ValueError("grad", "differentiated arguments must be tensors", {
      expected: `a tensor as argument ${index}`,
      got: formatValue(arg),
      fix: "Wrap it with tensor(…), or name other arguments in { argnums }.",
    });
  }
  if (x.requiresGrad) return enableGrad(() => applyView(identity, x, x.layout, x.offset, noAttrs));
  const variable = noGrad(() => applyView(identity, x, x.layout, x.offset, noAttrs));
  variable.requiresGrad = true;
  return variable;
}

/** Whether the graph of `value` reaches leaves other than the variables made here. */
function dependsOnOthers(value: Tensor, variables: readonly Tensor[]): boolean {
  if (!(value.node instanceof Node)) {
    if (!value.requiresGrad) {
      throw new GradientError("grad", "the result must depend on the differentiated arguments", {
        expected: "a result computed from them by operations",
        got: "one that does not depend on any tensor that requires a gradient",
      });
    }
    return !variables.includes(value);
  }
  const own = new Set<unknown>(variables);
  const seen = new Set<Node>();
  const stack: Node[] = [value.node];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (seen.has(node)) continue;
    seen.add(node);
    for (const edge of node.edges) {
      if (edge instanceof Node) stack.push(edge);
      else if (edge !== null && !own.has(edge)) return true;
    }
  }
  return false;
}
