// Kernels chosen for what backends get wrong: several outputs, outputs over inputs, ties, guards,
// strides of every sign, stages that need each other.

import {
  call,
  cast,
  constant,
  coord,
  type DType,
  type Expr,
  guardedLoad,
  type HostOperand,
  type Kernel,
  type Layout,
  layout,
  load,
  operandSpec,
  type Reducer,
  type Stage,
  scalar,
  stageValue,
} from "@chainrule/kernel";
import { storedAs } from "../values.js";

/** Where a kernel writes. */
export interface Target {
  readonly dtype: DType;
  readonly layout: Layout;
  readonly offset: number;
  /** Elements of its buffer. */
  readonly length: number;
}

/** A kernel with arguments for one run. */
export interface KernelCase {
  readonly title: string;
  readonly kernel: Kernel;
  readonly inputs: readonly HostOperand[];
  readonly scalars: readonly number[];
  readonly outputs: readonly Target[];
  readonly ieee?: boolean;
}

const f32 = "float32";

/** Every chosen kernel. */
export function chosenKernels(): KernelCase[] {
  return [
    severalOutputs(),
    overwritesItsInput(),
    writesBackwards(),
    writesAPart(),
    ...(["argmax", "argmin"] as const).map(ties),
    ...(["argmax", "argmin", "max", "min"] as const).map(nan),
    ...(["sum", "prod", "max", "min", "argmax"] as const).map(nothing),
    guarded(),
    gathered(),
    stagesInSequence(),
    ...(["int32", "uint8"] as const).map(wraps),
    coordinates(),
    runTimeScalars(),
  ];
}

function host(data: readonly number[], dtype: DType, shape: Layout, offset = 0): HostOperand {
  return { data: storedAs(data, dtype), layout: shape, offset };
}

function target(dtype: DType, shape: Layout, offset = 0, length = shape.size): Target {
  return { dtype, layout: shape, offset, length };
}

/** A kernel over the elements of one shape; the axes are those of the first output. */
function mapped(
  title: string,
  inputs: readonly (readonly [HostOperand, DType])[],
  outputs: readonly (readonly [Target, Expr, number?])[],
  extra: Partial<Pick<Kernel, "stages" | "scalars" | "axes">> & { values?: readonly number[] } = {},
): KernelCase {
  const rank = outputs[0]?.[0].layout.ndim ?? 0;
  const outer = Array.from({ length: rank }, (_, dim) => ({ operand: inputs.length, dim }));
  return {
    title,
    kernel: {
      name: "chosen",
      outer: rank,
      axes: [...outer, ...(extra.axes ?? [])],
      inputs: inputs.map(([{ layout: l }, dtype]) => operandSpec(dtype, l)),
      scalars: extra.scalars ?? [],
      stages: extra.stages ?? [],
      outputs: outputs.map(([{ dtype, layout: l }, value, aliases]) => ({
        ...operandSpec(dtype, l),
        value,
        ...(aliases === undefined ? {} : { aliases }),
      })),
    },
    inputs: inputs.map(([operand]) => operand),
    scalars: extra.values ?? [],
    outputs: outputs.map(([each]) => each),
  };
}

const line = layout([4]);
const i = coord(0);
const x = load(0, f32, [i]);

function severalOutputs(): KernelCase {
  return mapped(
    "several outputs",
    [[host([1, -2, 3, -4], f32, line), f32]],
    [
      [target(f32, line), call("mul", x, x)],
      [target("bool", line), call("lt", x, 0)],
      [target("int32", line), cast(x, "int32")],
    ],
  );
}

/** Momentum and parameter in one pass, each over its own buffer. */
function overwritesItsInput(): KernelCase {
  const [p, v] = [x, load(1, f32, [i])];
  const next = call("add", call("mul", v, 0.5), p);
  return mapped(
    "outputs over inputs",
    [
      [host([1, 2, 3, 4], f32, line), f32],
      [host([5, 6, 7, 8], f32, line), f32],
    ],
    [
      [target(f32, line), call("sub", p, next), 0],
      [target(f32, line), next, 1],
    ],
  );
}

function writesBackwards(): KernelCase {
  const back = layout([4], [-1]);
  return mapped(
    "an output with negative stride",
    [[host([1, 2, 3, 4], f32, line), f32]],
    [[target(f32, back, 3), x]],
  );
}

function writesAPart(): KernelCase {
  const column = layout([4], [3]);
  return mapped(
    "an output that is a column",
    [[host([1, 2, 3, 4], f32, line), f32]],
    [[target(f32, column, 1, 12), x]],
  );
}

/** Reduces each row of a matrix. */
function rows(
  title: string,
  reduce: Reducer,
  data: readonly number[],
  shape: readonly [number, number],
): KernelCase {
  const matrix = layout(shape);
  const isArg = reduce === "argmax" || reduce === "argmin";
  const dtype = isArg ? "int32" : f32;
  const stage: Stage = { axes: [1], reduce, value: load(0, f32, [i, coord(1)]), dtype };
  return mapped(
    title,
    [[host(data, f32, matrix), f32]],
    [[target(dtype, layout([shape[0]])), stageValue(0, dtype)]],
    { stages: [stage], axes: [{ operand: 0, dim: 1 }] },
  );
}

function ties(reduce: "argmax" | "argmin"): KernelCase {
  return rows(
    `${reduce} takes the first of equal ones`,
    reduce,
    [2, 5, 5, 1, 1, 1, 3, 3, 0, 9, 9, 0],
    [4, 3],
  );
}

function nan(reduce: Reducer): KernelCase {
  const data = [1, Number.NaN, 9, Number.NaN, 1, Number.NaN, -1, -2, Number.NaN];
  return { ...rows(`${reduce} with NaN`, reduce, data, [3, 3]), ieee: true };
}

function nothing(reduce: Reducer): KernelCase {
  const ieee = reduce === "max" || reduce === "min";
  return { ...rows(`${reduce} of nothing`, reduce, [], [2, 0]), ieee };
}

/** Shifts by one: the guard keeps the load inside. */
function guarded(): KernelCase {
  const before = call("sub", i, 1);
  const shifted = guardedLoad(0, f32, [before], call("ge", before, 0), constant(-7, f32));
  return mapped(
    "a guarded load",
    [[host([1, 2, 3, 4], f32, line), f32]],
    [[target(f32, line), shifted]],
  );
}

/** An index from memory, with a value where it is out of range. */
function gathered(): KernelCase {
  const at = load(1, "int32", [i]);
  const inside = call("and", call("ge", at, 0), call("lt", at, 3));
  return mapped(
    "a load at a loaded index",
    [
      [host([10, 20, 30], f32, layout([3])), f32],
      [host([2, -1, 3, 0], "int32", line), "int32"],
    ],
    [[target(f32, line), guardedLoad(0, f32, [at], inside, constant(0, f32))]],
  );
}

/** Softmax: a maximum, a sum that needs it, a quotient that needs both. */
function stagesInSequence(): KernelCase {
  const matrix = layout([2, 3]);
  const at = (axis: number): Expr => load(0, f32, [i, coord(axis)]);
  const [max, total] = [stageValue(0, f32), stageValue(1, f32)];
  const power = (axis: number): Expr => call("exp", call("sub", at(axis), max));
  return mapped(
    "stages that need each other",
    [[host([1, 2, 3, 1000, 0, -1000], f32, matrix), f32]],
    [[target(f32, matrix), call("div", power(1), total)]],
    {
      axes: [
        { operand: 0, dim: 1 },
        { operand: 0, dim: 1 },
      ],
      stages: [
        { axes: [2], reduce: "max", value: at(2), dtype: f32 },
        { axes: [3], reduce: "sum", value: power(3), dtype: f32 },
      ],
    },
  );
}

function wraps(dtype: "int32" | "uint8"): KernelCase {
  const [a, b] = [load(0, dtype, [i]), load(1, dtype, [i])];
  const [left, right] =
    dtype === "int32"
      ? [
          [2147483647, -2147483648, 65537, -7],
          [1, -1, 65537, 2],
        ]
      : [
          [255, 0, 17, 9],
          [1, 1, 17, 0],
        ];
  return mapped(
    `${dtype} wraps`,
    [left, right].map((data) => [host(data, dtype, line), dtype]),
    (["add", "sub", "mul", "floorDiv", "mod"] as const).map((fn) => [
      target(dtype, line),
      call(fn, a, b),
    ]),
  );
}

function coordinates(): KernelCase {
  const matrix = layout([3, 4]);
  const place = call("add", call("mul", i, 10), coord(1));
  return mapped("coordinates", [], [[target("int32", matrix), place]]);
}

function runTimeScalars(): KernelCase {
  const value = call("add", call("mul", x, scalar(0, f32)), cast(scalar(1, "int32"), f32));
  return mapped(
    "run-time scalars",
    [[host([1, 2, 3, 4], f32, line), f32]],
    [[target(f32, line), value]],
    { scalars: [f32, "int32"], values: [0.5, -3] },
  );
}
