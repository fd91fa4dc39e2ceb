// The backward pass: walks the tape from results to leaves, applies each operation's derivative once
// per needed operand, adds gradients where a value branches, and undoes broadcasting in one place.

import { isFloat } from "@chainrule/kernel";
import { observer } from "../debug/level.js";
import { ensureTensor } from "../engine/apply.js";
import { filled } from "../engine/fill.js";
import { formatShape, GradientError } from "../errors.js";
import type { Vjp } from "../op/primitive.js";
import { add } from "../ops/elementwise/add.js";
import { astype } from "../ops/elementwise/astype.js";
import { sumOver } from "../ops/reduce/sum.js";
import { reshape } from "../ops/view/reshape.js";
import { sameShape, stretchedAxes } from "../shape/broadcast.js";
import type { Tensor } from "../tensor/tensor.js";
import { enableGrad, noGrad } from "./grad-mode.js";
import { type Edge, Node } from "./node.js";

/** How a backward pass treats the graph it walks. */
export interface WalkOptions {
  /** Keep what the graph saved, so that it can be walked again. Default: `createGraph`. */
  readonly retainGraph?: boolean | undefined;
  /** Record the pass itself, so that its results can be differentiated. Default: false. */
  readonly createGraph?: boolean | undefined;
}

/** Receives each gradient that arrives at a leaf, or at the node of a wanted tensor. */
type Sink = (target: Tensor | Node, gradient: Tensor) => void;

/**
 * Walks the graph of `root` backwards from `seed`, the gradient of the final scalar with respect to
 * `root`. Gradients of the targets go to `sink`: of all leaves when `targets` is undefined.
 */
export function walkBackward(
  root: Tensor,
  seed: Tensor,
  targets: ReadonlySet<Tensor | Node> | undefined,
  sink: Sink,
  options: WalkOptions,
): void {
  const createGraph = options.createGraph ?? false;
  const retain = options.retainGraph ?? createGraph;
  const run = createGraph ? enableGrad : noGrad;
  run(() => {
    if (root.node === null) {
      if (targets === undefined || targets.has(root)) sink(root, seed);
      return;
    }
    const order = reachable(root.node);
    const needed = targets === undefined ? undefined : leadingTo(order, targets);
    const pending = new Map<Node, Tensor>([[root.node, seed]]);
    for (let i = order.length - 1; i >= 0; i--) {
      const node = order[i] as Node;
      const grad = pending.get(node);
      if (grad === undefined || needed?.has(node) === false) continue;
      pending.delete(node);
      if (targets?.has(node) === true) sink(node, grad);
      observer?.derivative(node);
      propagate(node, grad, pending, targets, needed, sink);
      if (!retain) node.release();
    }
    observer?.derivative(null);
  });
}

/** All nodes below `root`, each after the nodes of its operands. */
function reachable(root: Node): Node[] {
  const order: Node[] = [];
  const seen = new Set<Node>([root]);
  // A walk in depth with its own stack: graphs may be deeper than that of the engine.
  const open: Node[] = [root];
  const nextEdge: number[] = [0];
  while (open.length > 0) {
    const top = open.length - 1;
    const node = open[top] as Node;
    const i = nextEdge[top] as number;
    if (i === node.edges.length) {
      order.push(node);
      open.pop();
      nextEdge.pop();
      continue;
    }
    nextEdge[top] = i + 1;
    const edge = node.edges[i];
    if (edge instanceof Node && !seen.has(edge)) {
      seen.add(edge);
      open.push(edge);
      nextEdge.push(0);
    }
  }
  return order;
}

/** The nodes of `order` through which a gradient reaches one of `targets`. */
function leadingTo(order: readonly Node[], targets: ReadonlySet<Tensor | Node>): Set<Node> {
  const leading = new Set<Node>();
  for (const node of order) {
    const leads = (edge: Edge): boolean =>
      edge !== null && (targets.has(edge) || (edge instanceof Node && leading.has(edge)));
    if (targets.has(node) || node.edges.some(leads)) leading.add(node);
  }
  return leading;
}

function propagate(
  node: Node,
  grad: Tensor,
  pending: Map<Node, Tensor>,
  targets: ReadonlySet<Tensor | Node> | undefined,
  needed: ReadonlySet<Node> | undefined,
  sink: Sink,
): void {
  const { edges, op } = node;
  const rules = op.vjp;
  for (let i = 0; i < edges.length; i++) {
    const edge = edges[i] as Edge;
    if (edge === null) continue;
    const isNode = edge instanceof Node;
    if (targets !== undefined) {
      if (isNode ? needed?.has(edge) !== true && !targets.has(edge) : !targets.has(edge)) continue;
    }
    const rule = (typeof rules === "function" ? rules : (rules as readonly Vjp<never>[])[i]) as
      | Vjp<never>
      | undefined;
    const raw = rule?.(grad, node.saved(i) as never) ?? null;
    if (raw === null) continue;
    const gradient = fit(raw, node, i);
    if (!isNode) {
      sink(edge, gradient);
      continue;
    }
    const before = pending.get(edge);
    pending.set(edge, before === undefined ? gradient : add(before, gradient));
  }
}

/** Undoes broadcasting and dtype conversion: a gradient has the shape and dtype of its operand. */
function fit(gradient: Tensor, node: Node, index: number): Tensor {
  const spec = node.specs[index];
  if (spec === undefined || spec.kind !== "tensor") return gradient;
  let result = gradient;
  if (!sameShape(result.layout.shape, spec.shape)) {
    result = sumTo(result, spec.shape, node.op.name);
  }
  return result.dtype === spec.dtype ? result : astype(result, spec.dtype);
}

/** Sums `x` over the axes along which `shape` was broadcast to its shape. */
function sumTo(x: Tensor, shape: readonly number[], op: string): Tensor {
  const axes = stretchedAxes(shape, x.layout.shape);
  ensureGradientShape(x.layout.shape, shape, op);
  const total = axes.length === 0 ? x : sumOver(x, axes);
  return sameShape(total.layout.shape, shape) ? total : reshape(total, shape);
}

/** Throws: {@link GradientError} unless an operand of `shape` may have a gradient of shape `got`. */
function ensureGradientShape(got: readonly number[], shape: readonly number[], op: string): void {
  const shift = got.length - shape.length;
  const fits = (n: number, axis: number): boolean => n === 1 || n === got[axis + shift];
  if (shift >= 0 && shape.every(fits)) return;
  throw new GradientError("backward", "a gradient must have the shape of its operand", {
    expected: `${formatShape(shape)}, or a shape it broadcasts to, from the derivative of ${op}`,
    got: formatShape(got),
    fix: "Check what its backward returns.",
  });
}

/** The seed of a backward pass: what was given, or 1 for a result of one element. */
export function seedFor(op: string, root: Tensor, gradient: Tensor | undefined): Tensor {
  if (!isFloat(root.dtype) || !root.requiresGrad) {
    throw new GradientError(op, "the result must depend on a tensor that requires a gradient", {
      expected: "a float tensor with requiresGrad",
      got: `a ${root.dtype} tensor of shape ${formatShape(root.shape)} that requires none`,
      fix: "Make the inputs with { requiresGrad: true }, and compute outside noGrad.",
    });
  }
  if (gradient === undefined) {
    if (root.size !== 1) {
      throw new GradientError(op, "can only start from a single element", {
        expected: "shape []",
        got: formatShape(root.shape),
        fix: "Reduce first, e.g. loss.mean(), or pass the upstream gradient.",
      });
    }
    return filled(root.storage.device, 1, root.dtype, root.shape);
  }
  ensureTensor(op, gradient);
  if (!sameShape(gradient.shape, root.shape)) {
    throw new GradientError(op, "the upstream gradient must have the shape of the result", {
      expected: formatShape(root.shape),
      got: formatShape(gradient.shape),
    });
  }
  return gradient;
}
