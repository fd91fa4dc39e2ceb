// Random kernels from a seed: expressions over arrays in random layouts, some under a reduction. The
// values are such that sums are exact in any order.

import {
  call,
  cast,
  constant,
  coord,
  type DType,
  type Expr,
  type HostOperand,
  type Intrinsic,
  layout,
  load,
  operandSpec,
  type Reducer,
  type Stage,
  scalar,
  sizeOf,
  stageValue,
} from "@chainrule/kernel";
import { storedAs } from "../values.js";
import type { KernelCase } from "./chosen-kernels.js";

const extents = [1, 2, 3, 4, 5, 8, 9];
const unary: readonly Intrinsic[] = ["neg", "abs", "sign", "floor", "trunc", "copy"];
const binary: readonly Intrinsic[] = ["add", "sub", "mul", "max", "min"];
const comparisons: readonly Intrinsic[] = ["lt", "le", "gt", "ge", "eq", "ne"];
const reducers: readonly Reducer[] = ["sum", "max", "min", "argmax", "argmin"];

/** The kernel of a seed; the same one on every machine. */
export function randomKernel(seed: number): KernelCase {
  const pick = picker(seed);
  const dtype = pick<DType>(["float32", "float32", "int32"]);
  const rank = pick([0, 1, 2, 3]);
  const shape = Array.from({ length: rank }, () => pick(extents));
  const reduced = pick([undefined, pick(extents)]);
  const outer = shape.map((_, axis) => axis);
  const inputs = [0, 1].map(() => randomInput(pick, dtype, shape, reduced));
  const loads = (axes: readonly number[]): Expr[] =>
    inputs.map(({ ndim }, input) => load(input, dtype, axes.slice(0, ndim).map(coord)));
  const stages: Stage[] = [];
  const inner = reduced === undefined ? outer : [...outer, rank];
  if (reduced !== undefined) {
    const reduce = pick(reducers);
    const isArg = reduce === "argmax" || reduce === "argmin";
    const value = randomExpr(pick, dtype, loads(inner), 2);
    stages.push({ axes: [rank], reduce, value, dtype: isArg ? "int32" : dtype });
  }
  const leaves =
    reduced === undefined
      ? [...loads(inner), scalar(0, dtype)]
      : [cast(stageValue(0, stages[0]?.dtype ?? dtype), dtype), scalar(0, dtype)];
  const value = randomExpr(pick, dtype, leaves, 3);
  const target = layout(shape);
  return {
    title: `random ${seed}`,
    kernel: {
      name: "random",
      outer: rank,
      axes: [
        ...outer.map((dim) => ({ operand: inputs.length, dim })),
        ...(reduced === undefined ? [] : [reduced]),
      ],
      inputs: inputs.map(({ operand }) => operandSpec(dtype, operand.layout)),
      scalars: [dtype],
      stages,
      outputs: [{ ...operandSpec(dtype, target), value }],
    },
    inputs: inputs.map(({ operand }) => operand),
    scalars: [pick([2, -3, 0])],
    outputs: [{ dtype, layout: target, offset: 0, length: target.size }],
  };
}

/** Takes one of several, by chance. */
export type Pick = <T>(items: readonly T[]) => T;

/** The same chances every time for the same `seed`. */
export function picker(seed: number): Pick {
  let state = Math.imul(seed + 1, 2654435761) >>> 0;
  return <T>(items: readonly T[]): T => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    // The high bits: the low ones of this generator repeat soon.
    const item = items[Math.floor((state / 2 ** 32) * items.length)];
    return item as T;
  };
}

/** An array over all axes: each in order, backwards, with gaps or repeated. */
function randomInput(
  pick: Pick,
  dtype: DType,
  shape: readonly number[],
  reduced: number | undefined,
): { operand: HostOperand; ndim: number } {
  const full = reduced === undefined ? shape : [...shape, reduced];
  const strides = new Array<number>(full.length).fill(0);
  let step = 1;
  let offset = pick([0, 1, 3]);
  for (let axis = full.length - 1; axis >= 0; axis--) {
    const extent = full[axis] ?? 1;
    const way = pick(["forwards", "forwards", "backwards", "gaps", "repeated"] as const);
    if (way === "repeated") continue;
    const stride = way === "gaps" ? 2 * step : step;
    strides[axis] = way === "backwards" ? -stride : stride;
    if (way === "backwards") offset += (extent - 1) * stride;
    step = stride * extent;
  }
  const length = offset + sizeOf(full) * 2 ** full.length + 1;
  const values = Array.from({ length }, () => pick([0, 1, -1, 2, -3, 0.5, 4, -0.25]));
  return {
    operand: { data: storedAs(values, dtype), layout: layout(full, strides), offset },
    ndim: full.length,
  };
}

function randomExpr(pick: Pick, dtype: DType, leaves: readonly Expr[], depth: number): Expr {
  const kind =
    depth === 0 ? "leaf" : pick(["leaf", "unary", "binary", "binary", "select"] as const);
  const again = (): Expr => randomExpr(pick, dtype, leaves, depth - 1);
  switch (kind) {
    case "leaf":
      return pick([...leaves, ...leaves, constant(pick([0, 1, -2]), dtype)]);
    case "unary":
      return call(pick(unary), again());
    case "binary":
      return call(pick(binary), again(), again());
    case "select":
      return call("select", call(pick(comparisons), again(), again()), again(), again());
    default:
      return kind satisfies never;
  }
}
