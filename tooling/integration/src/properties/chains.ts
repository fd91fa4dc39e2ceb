// Chains of views: made at random, run on tensors and on plain arrays, printed as code.

import type { Tensor } from "chainrule";
import fc from "fast-check";
import { broadcast, flipped, indexed, type Plain, permuted, type Range } from "./plain.js";
import { type Choose, choices, chooser, shapes } from "./shapes.js";

/** One view of an array. */
export interface Step {
  /** As code: `.flip(1)`. */
  readonly text: string;
  readonly onTensor: (x: Tensor) => Tensor;
  readonly onPlain: (x: Plain) => Plain;
}

/** Views one after the other, of an array of `shape`. */
export interface Chain {
  readonly shape: readonly number[];
  readonly steps: readonly Step[];
  /** The shape after the last step. */
  readonly result: readonly number[];
}

export function chainOnTensor({ steps }: Chain, x: Tensor): Tensor {
  return steps.reduce((view, { onTensor }) => onTensor(view), x);
}

export function chainOnPlain({ steps }: Chain, x: Plain): Plain {
  return steps.reduce((view, { onPlain }) => onPlain(view), x);
}

type Maker = (shape: readonly number[], choose: Choose) => Step | undefined;

const makers = {
  permuteDims,
  reshape,
  slice,
  pick,
  newAxis,
  flip,
  expandDims,
  squeeze,
  broadcastTo,
} satisfies Record<string, Maker>;

/** The kinds of steps there are. */
export type Kind = keyof typeof makers;

export const allKinds: readonly Kind[] = Object.keys(makers) as Kind[];

/** Chains of up to `maxSteps` steps of these kinds. */
export function chains(maxSteps: number, kinds: readonly Kind[] = allKinds): fc.Arbitrary<Chain> {
  const plans = fc.array(fc.tuple(fc.constantFrom(...kinds), choices), {
    maxLength: maxSteps,
    size: "max",
  });
  return fc.tuple(shapes(), plans).map(([shape, plan]) => chainOf(shape, plan));
}

function chainOf(
  shape: readonly number[],
  plan: readonly (readonly [kind: Kind, choices: readonly number[]])[],
): Chain {
  const steps: Step[] = [];
  let current: Plain = { shape, data: new Array<number>(sizeOf(shape)).fill(0) };
  for (const [kind, numbers] of plan) {
    const step = makers[kind](current.shape, chooser(numbers));
    if (step === undefined) continue;
    steps.push(step);
    current = step.onPlain(current);
  }
  const text = `[${shape}]${steps.map((step) => step.text).join("")}`;
  return Object.assign(
    { shape, steps, result: current.shape },
    { [fc.toStringMethod]: () => text },
  );
}

function permuteDims(shape: readonly number[], choose: Choose): Step {
  const left = shape.map((_, axis) => axis);
  const axes = shape.map(() => left.splice(choose(left.length), 1)[0] ?? 0);
  return {
    text: `.permuteDims([${axes}])`,
    onTensor: (x) => x.permuteDims(axes),
    onPlain: (x) => permuted(x, axes),
  };
}

function reshape(shape: readonly number[], choose: Choose): Step {
  const whole = reshapedTo(sizeOf(shape), choose);
  const inferred = whole.includes(0) ? whole.length : choose(2 * whole.length + 1);
  const asked = whole.map((n, axis) => (axis === inferred ? -1 : n));
  return {
    text: `.reshape([${asked}])`,
    onTensor: (x) => x.reshape(asked),
    onPlain: ({ data }) => ({ shape: whole, data }),
  };
}

/** A shape of `size` elements: divisors, and now and then an axis of 1. */
function reshapedTo(size: number, choose: Choose): number[] {
  if (size === 0) return [choose(3), 0, choose(3)].slice(choose(2));
  const shape: number[] = [];
  let rest = size;
  for (let axes = choose(4); axes > 0; axes--) {
    const divisors = Array.from({ length: rest }, (_, i) => i + 1).filter((d) => rest % d === 0);
    const n = divisors[choose(divisors.length)] ?? 1;
    shape.push(n);
    rest /= n;
  }
  return rest === 1 ? shape : [...shape, rest];
}

function slice(shape: readonly number[], choose: Choose): Step {
  return at(
    shape.map((n) => {
      const start = choose(2) === 0 ? undefined : choose(2 * n + 3) - n - 1;
      const stop = choose(2) === 0 ? undefined : choose(2 * n + 3) - n - 1;
      const step = [1, 2, 3, -1, -2][choose(5)] ?? 1;
      return {
        step,
        ...(start === undefined ? {} : { start }),
        ...(stop === undefined ? {} : { stop }),
      };
    }),
  );
}

function pick(shape: readonly number[], choose: Choose): Step | undefined {
  const axis = choose(Math.max(1, shape.length));
  const n = shape[axis];
  if (n === undefined || n === 0) return undefined;
  const position = choose(2 * n) - n;
  return at(shape.map((_, d) => (d === axis ? position : {})));
}

function at(items: readonly (number | Range)[]): Step {
  const text = items.map((item) =>
    typeof item === "number"
      ? `${item}`
      : `"${item.start ?? ""}:${item.stop ?? ""}:${item.step ?? ""}"`,
  );
  return {
    text: `.at(${text.join(", ")})`,
    onTensor: (x) => x.at(...items),
    onPlain: (x) => indexed(x, items),
  };
}

function newAxis(shape: readonly number[], choose: Choose): Step | undefined {
  if (shape.length > 4) return undefined;
  const before = choose(shape.length + 1);
  const items = shape.map((): null | string => ":").toSpliced(before, 0, null);
  return {
    text: `.at(${items.map((item) => (item === null ? "null" : '":"')).join(", ")})`,
    onTensor: (x) => x.at(...items),
    onPlain: (x) => ({ shape: x.shape.toSpliced(before, 0, 1), data: x.data }),
  };
}

function flip(shape: readonly number[], choose: Choose): Step {
  const axis = choose(shape.length + 1);
  if (axis === shape.length) {
    const all = shape.map((_, d) => d);
    return { text: ".flip()", onTensor: (x) => x.flip(), onPlain: (x) => flipped(x, all) };
  }
  const asked = axis - choose(2) * shape.length;
  return {
    text: `.flip(${asked})`,
    onTensor: (x) => x.flip(asked),
    onPlain: (x) => flipped(x, [axis]),
  };
}

function expandDims(shape: readonly number[], choose: Choose): Step | undefined {
  if (shape.length > 4) return undefined;
  const axis = choose(shape.length + 1);
  const asked = axis - choose(2) * (shape.length + 1);
  return {
    text: `.expandDims(${asked})`,
    onTensor: (x) => x.expandDims(asked),
    onPlain: (x) => ({ shape: x.shape.toSpliced(axis, 0, 1), data: x.data }),
  };
}

function squeeze(shape: readonly number[], choose: Choose): Step {
  const ones = shape.flatMap((n, axis) => (n === 1 ? [axis] : []));
  const axis = ones[choose(ones.length + 1)];
  if (axis === undefined) {
    return {
      text: ".squeeze()",
      onTensor: (x) => x.squeeze(),
      onPlain: (x) => ({ shape: x.shape.filter((n) => n !== 1), data: x.data }),
    };
  }
  return {
    text: `.squeeze(${axis})`,
    onTensor: (x) => x.squeeze(axis),
    onPlain: (x) => ({ shape: x.shape.toSpliced(axis, 1), data: x.data }),
  };
}

function broadcastTo(shape: readonly number[], choose: Choose): Step | undefined {
  const front = shape.length > 3 ? [] : [[], [2], [1]][choose(3)];
  const target = [
    ...(front ?? []),
    ...shape.map((n) => (n === 1 ? [3, 1, 2, 3, 0][choose(5)] : n) ?? 1),
  ];
  if (sizeOf(target) > 500) return undefined;
  return {
    text: `.broadcastTo([${target}])`,
    onTensor: (x) => x.broadcastTo(target),
    onPlain: (x) => broadcast(x, target),
  };
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, n) => size * n, 1);
}
