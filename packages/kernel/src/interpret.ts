// The truth every generator is tested against: walks the loops of a kernel one position at a time.
// Slow and literal on purpose; expressions are doubles until they are stored.

import { stageDependence } from "./dependence.js";
import type { TypedArray } from "./dtype.js";
import { complaint, KernelError } from "./errors.js";
import { evaluateCall, evaluateCast, wrap } from "./evaluate.js";
import type { Expr } from "./expr.js";
import { extentsOf, type Kernel, operandAt, type Reducer, type Stage } from "./kernel.js";
import { type Layout, layout } from "./layout.js";

/** An array in host memory, seen through a layout that starts at element `offset`. */
export interface HostOperand {
  readonly data: TypedArray;
  readonly layout: Layout;
  readonly offset: number;
}

type Evaluator = () => number;

/**
 * Runs `kernel` on host arrays and writes `outputs`. An empty arg reduction is 0.
 *
 * Throws: {@link KernelError} when an operand does not fit its spec, or an element outside the shape
 * or the data of an operand is touched.
 *
 * @example
 * interpretKernel(double, [{ data: x, layout: layout([3]), offset: 0 }], [],
 *   [{ data: y, layout: layout([3]), offset: 0 }]);
 * y // => [2, 4, 6]
 */
export function interpretKernel(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  scalars: readonly number[],
  outputs: readonly HostOperand[],
): void {
  checkOperands(kernel, inputs, scalars, outputs);
  const operands = [...inputs, ...outputs];
  const extents = extentsOf(
    kernel,
    operands.map((operand) => operand.layout),
  );
  const run: Run = {
    kernel,
    operands,
    scalars,
    position: extents.map(() => 0),
    stages: kernel.stages.map(() => 0),
    moves: 0,
  };
  const evaluatorOf = evaluatorsFor(run);

  /** Calls `body` at every position of `axes`, row-major. */
  const loop = (axes: readonly number[], body: () => void): void => {
    const [axis, ...inner] = axes;
    if (axis === undefined) {
      body();
      return;
    }
    for (let i = 0; i < (extents[axis] ?? 0); i++) {
      run.position[axis] = i;
      run.moves++;
      loop(inner, body);
    }
  };

  const dependence = stageDependence(kernel);
  const stages = kernel.stages.map((stage, s) => {
    const value = evaluatorOf(stage.value);
    const reduce = (): number => {
      const all = reducer(stage);
      loop(stage.axes, () => all.add(value()));
      return all.result();
    };
    // A stage that depends on fewer axes than there are is computed at the first of the positions
    // that share it.
    const axes = dependence[s] ?? [];
    if (axes.length === kernel.outer) return reduce;
    const finished = new Map<string, number>();
    return () => {
      const key = axes.map((axis) => run.position[axis]).join();
      const result = finished.get(key) ?? reduce();
      finished.set(key, result);
      return result;
    };
  });
  const values = kernel.outputs.map((output) => evaluatorOf(output.value));
  const outer = Array.from({ length: kernel.outer }, (_, axis) => axis);
  loop(outer, () => {
    for (const [s, stage] of stages.entries()) {
      run.stages[s] = stage();
    }
    // Every output is computed before any is written: they may overwrite inputs.
    const results = values.map((value) => value());
    for (const [o, { data }] of outputs.entries())
      data[addressOf(run, kernel.inputs.length + o, run.position)] = results[o] ?? Number.NaN;
  });
}

/** Where a run is: loop positions, the stages computed there, and a count of all moves. */
interface Run {
  readonly kernel: Kernel;
  readonly operands: readonly HostOperand[];
  readonly scalars: readonly number[];
  readonly position: number[];
  readonly stages: number[];
  moves: number;
}

/**
 * Turns expressions into closures. A closure keeps its value until the position moves, so that a
 * node is computed once however often it is shared.
 */
function evaluatorsFor(run: Run): (expr: Expr) => Evaluator {
  const known = new Map<Expr, Evaluator>();
  const evaluatorOf = (expr: Expr): Evaluator => {
    const before = known.get(expr);
    if (before !== undefined) return before;
    const compute = literal(expr);
    let value = 0;
    let computedAt = -1;
    const evaluator = (): number => {
      if (computedAt !== run.moves) {
        value = compute();
        computedAt = run.moves;
      }
      return value;
    };
    known.set(expr, evaluator);
    return evaluator;
  };
  const literal = (expr: Expr): Evaluator => {
    switch (expr.kind) {
      case "const":
        return () => expr.value;
      case "scalar":
        return () => run.scalars[expr.index] ?? Number.NaN;
      case "coord":
        return () => run.position[expr.axis] ?? Number.NaN;
      case "stage":
        return () => run.stages[expr.stage] ?? Number.NaN;
      case "cast": {
        const value = evaluatorOf(expr.value);
        return () => evaluateCast(value(), expr.value.dtype, expr.dtype);
      }
      case "call": {
        const args = expr.args.map(evaluatorOf);
        const values = (): number[] => args.map((arg) => arg());
        return () => evaluateCall(expr.fn, expr.dtype, values());
      }
      case "load": {
        const index = expr.index.map(evaluatorOf);
        const read = (): number => {
          const place = index.map((evaluator) => evaluator());
          return run.operands[expr.input]?.data[addressOf(run, expr.input, place)] ?? Number.NaN;
        };
        if (expr.guard === undefined || expr.otherwise === undefined) return read;
        const guard = evaluatorOf(expr.guard);
        const otherwise = evaluatorOf(expr.otherwise);
        return () => (guard() !== 0 ? read() : otherwise());
      }
      default:
        return expr satisfies never;
    }
  };
  return evaluatorOf;
}

/** Collects the values of a stage, in row-major order, into its result. */
function reducer(stage: Stage): { add(value: number): void; result(): number } {
  let best = emptyValue(stage.reduce, stage.value.dtype);
  let winner = 0;
  let count = 0;
  const add = (value: number): void => {
    switch (stage.reduce) {
      case "sum":
        best = wrap(best + value, stage.dtype);
        break;
      case "prod":
        best = evaluateCall("mul", stage.dtype, [best, value]);
        break;
      case "max":
      case "min":
        best = evaluateCall(stage.reduce, stage.dtype, [best, value]);
        break;
      default: {
        const better = stage.reduce === "argmax" ? value > best : value < best;
        const firstNaN = Number.isNaN(value) && !Number.isNaN(best);
        if (better || firstNaN) {
          best = value;
          winner = count;
        }
      }
    }
    count++;
  };
  return {
    add,
    result: () => (stage.reduce === "argmax" || stage.reduce === "argmin" ? winner : best),
  };
}

const lowest: Readonly<Record<string, number>> = { int32: -2147483648, uint8: 0, bool: 0 };
const highest: Readonly<Record<string, number>> = { int32: 2147483647, uint8: 255, bool: 1 };

function emptyValue(reduce: Reducer, dtype: string): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  return reduce === "max" || reduce === "argmax"
    ? (lowest[dtype] ?? Number.NEGATIVE_INFINITY)
    : (highest[dtype] ?? Number.POSITIVE_INFINITY);
}

/** The element of operand `o` at `index`, which may be longer than its rank. */
function addressOf({ kernel, operands }: Run, o: number, index: readonly number[]): number {
  const operand = operands[o];
  const { shape, strides } = operand?.layout ?? layout([0]);
  const length = operand?.data.length ?? 0;
  let address = operand?.offset ?? 0;
  let inside = true;
  for (const [d, n] of shape.entries()) {
    const i = index[d] ?? -1;
    inside &&= i >= 0 && i < n;
    address += i * (strides[d] ?? 0);
  }
  if (!inside || address < 0 || address >= length) {
    const range = `shape [${shape}] and ${length} elements`;
    const got = `index [${index.slice(0, shape.length)}] at address ${address}`;
    const holds = `operand ${o} must hold what is accessed`;
    throw new KernelError(kernel.name, [complaint(holds, range, got)]);
  }
  return address;
}

function checkOperands(
  kernel: Kernel,
  inputs: readonly HostOperand[],
  scalars: readonly number[],
  outputs: readonly HostOperand[],
): void {
  const complaints: string[] = [];
  const expect = (holds: string, expected: unknown, got: unknown): void => {
    if (expected !== got) complaints.push(complaint(holds, expected, got));
  };
  expect("number of inputs must agree", kernel.inputs.length, inputs.length);
  expect("number of scalars must agree", kernel.scalars.length, scalars.length);
  expect("number of outputs must agree", kernel.outputs.length, outputs.length);
  if (complaints.length > 0) throw new KernelError(kernel.name, complaints);
  const operands = [...inputs, ...outputs];
  const extents = extentsOf(
    kernel,
    operands.map((operand) => operand.layout),
  );
  for (const [o, { layout }] of operands.entries()) {
    const spec = operandAt(kernel, o);
    expect(`rank of operand ${o} must agree`, spec.strides.length, layout.ndim);
    if (spec.dtype === "float16") complaints.push(`operand ${o}: float16 is not interpreted`);
    for (const [d, stride] of layout.strides.entries()) {
      const declared = spec.strides[d];
      // An axis of one element never moves, and the class "n" makes no promise.
      if ((layout.shape[d] ?? 0) > 1 && declared !== "n")
        expect(`stride ${d} of operand ${o} must be of its class`, declared, stride);
    }
  }
  const shape = extents.slice(0, kernel.outer).join();
  for (const [o, { layout }] of outputs.entries())
    expect(`shape of output ${o} must be the outer extents`, shape, layout.shape.join());
  if (complaints.length > 0) throw new KernelError(kernel.name, complaints);
}
