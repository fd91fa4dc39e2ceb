// A small program as one kernel without loops: every element of every call becomes a scalar
// expression of the elements that the caller gives. Between the calls nothing is stored, so a value
// is computed once however many calls use it, and what is known when the program is made is folded.

import { stageDependence } from "../dependence.js";
import { isFloat } from "../dtype.js";
import { call, constant, type Expr, type Load, load, walk } from "../expr.js";
import { ExprTable } from "../intern.js";
import type { Intrinsic } from "../intrinsics.js";
import { extentsOf, type Kernel, type OperandSpec, type Stage } from "../kernel.js";
import type { KernelCall, Program, View } from "../program/program.js";
import { simplified } from "./scalar-rewrites.js";
import { reduced } from "./unrolled-reduction.js";

/** Where an operand of {@link StraightLine.kernel} starts: at an element of a buffer of the program. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
}

/** A program as one run of a kernel that has no axes; it reads all that it needs before it writes. */
export interface StraightLine {
  readonly kernel: Kernel;
  /** Of each operand, inputs first. */
  readonly places: readonly Place[];
}

/**
 * `program` as a straight line; undefined when that takes more than `limit` scalar operations, loads
 * and stores, or depends on numbers of a run in a way that only loops can follow.
 *
 * A float that passes through a temporary stays a double, unless rounding it can decide something:
 * in comparisons, roundings to integers, arg reductions and indices it is a float32 again.
 */
export function straightLine(program: Program, limit: number): StraightLine | undefined {
  try {
    return new Unroller(program, limit).unroll();
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

/** Thrown within this file only. */
class Unfit extends Error {}

/** Deeper expressions overflow the stacks of those who walk and parse them. */
const deepest = 400;

/** Functions by which a rounding error can change the result altogether. */
const decisive: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(["eq", "ne", "lt", "le", "gt", "ge"] as const),
  ...(["floor", "ceil", "trunc", "round", "floorDiv", "mod", "sign", "nextAfter"] as const),
]);

const commutative: ReadonlySet<Intrinsic> = new Set<Intrinsic>([
  ...(["add", "mul", "max", "min", "eq", "ne"] as const),
  ...(["and", "or", "xor", "bitAnd", "bitOr", "bitXor"] as const),
]);

class Unroller {
  readonly #program: Program;
  readonly #limit: number;
  readonly #table = new ExprTable();
  readonly #depths = new Map<Expr, number>();
  /** What calls have written, by buffer and element. */
  readonly #written: Map<number, Expr>[];
  readonly #integers = new Map<number, Expr>();
  readonly #inputs: (OperandSpec & Place)[] = [];
  readonly #inputNumbers = new Map<string, number>();
  /** How many expressions may still be looked at: folding can take long and leave nothing. */
  #patience: number;

  constructor(program: Program, limit: number) {
    this.#program = program;
    this.#limit = limit;
    this.#patience = 50 * limit;
    this.#written = program.buffers.map(() => new Map());
  }

  unroll(): StraightLine {
    for (const each of this.#program.calls) {
      if (each.kind === "own") throw new Unfit();
      this.#run(each);
    }
    const outputs = this.#program.buffers.flatMap(({ role, dtype }, buffer) =>
      role !== "state" && role !== "output"
        ? []
        : [...(this.#written[buffer] ?? [])].flatMap(([offset, value]) =>
            value === this.#given(buffer, offset)
              ? []
              : [{ dtype, strides: [], value, buffer, offset }],
          ),
    );
    let count = outputs.length;
    const roots = outputs.map(({ value }) => value);
    walk(roots, ({ kind }) => {
      if (kind !== "const") count++;
    });
    if (count > this.#limit) throw new Unfit();
    const kernel: Kernel = {
      name: this.#program.name,
      outer: 0,
      axes: [],
      inputs: this.#inputs.map(({ dtype, strides }) => ({ dtype, strides })),
      scalars: [],
      stages: [],
      outputs: outputs.map(({ dtype, value }) => ({ dtype, strides: [], value })),
    };
    return { kernel, places: [...this.#inputs, ...outputs] };
  }

  #run(call: KernelCall): void {
    const { outer } = call.kernel;
    const extents = extentsOf(
      call.kernel,
      [...call.inputs, ...call.outputs].map(({ layout }) => layout),
    );
    const elements = new Elements(call, extents, this);
    const results: { view: View; position: number[]; value: Expr }[] = [];
    for (const position of positions(extents.slice(0, outer))) {
      elements.moveTo(position);
      for (const [o, { value }] of call.kernel.outputs.entries()) {
        const view = call.outputs[o];
        if (view !== undefined) results.push({ view, position, value: elements.valueOf(value) });
      }
    }
    // An output may overwrite an input, each element once it has been read.
    for (const { view, position, value } of results) {
      const { strides } = view.layout;
      const at = position.reduce((sum, i, d) => sum + i * (strides[d] ?? 0), view.offset);
      this.#written[view.buffer]?.set(at, value);
    }
  }

  /** The node for `expr`, whose operands are such nodes: simplified, one object for equal ones. */
  node(expr: Expr): Expr {
    const node = this.#table.canonical(simplified(this.#inOrder(expr)));
    if (this.#depth(node) > deepest || this.#table.lines.length > 8 * this.#limit)
      throw new Unfit();
    return node;
  }

  /** Counts one more expression that is looked at. */
  look(): void {
    if (this.#patience-- === 0) throw new Unfit();
  }

  integer(value: number): Expr {
    let node = this.#integers.get(value);
    if (node === undefined) {
      node = this.node(constant(value, "int32"));
      this.#integers.set(value, node);
    }
    return node;
  }

  /** `value` rounded to float32. */
  rounded(value: Expr): Expr {
    return this.node({ kind: "cast", dtype: "float32", value });
  }

  /** Element `offset` of a buffer: what was written there, or else what it holds before the run. */
  element(buffer: number, offset: number): Expr {
    const value = this.#written[buffer]?.get(offset) ?? this.#given(buffer, offset);
    if (value === undefined) throw new Unfit();
    return value;
  }

  /** The element of a buffer at an address that the run decides. */
  elementAt(buffer: number, address: Expr): Expr {
    const { role, dtype } = this.#bufferAt(buffer);
    const isGiven = role === "input" || role === "state" || role === "constant";
    if (!isGiven || this.#written[buffer]?.size !== 0) throw new Unfit();
    const input = this.#input({ dtype, strides: [1], buffer, offset: 0 });
    return this.node(load(input, dtype, [address]));
  }

  #given(buffer: number, offset: number): Expr | undefined {
    const { role, dtype, data } = this.#bufferAt(buffer);
    if (role === "constant") return this.node(constant(data?.[offset] ?? 0, dtype));
    if (role !== "input" && role !== "state") return undefined;
    return this.node(load(this.#input({ dtype, strides: [], buffer, offset }), dtype, []));
  }

  #bufferAt(buffer: number): Program["buffers"][number] {
    const found = this.#program.buffers[buffer];
    if (found === undefined) throw new RangeError(`no buffer ${buffer}`);
    return found;
  }

  #input(operand: OperandSpec & Place): number {
    const key = `${operand.buffer},${operand.offset},${operand.strides}`;
    const known = this.#inputNumbers.get(key);
    if (known !== undefined) return known;
    const number = this.#inputs.push(operand) - 1;
    this.#inputNumbers.set(key, number);
    return number;
  }

  /** x + y and y + x are one node. */
  #inOrder(expr: Expr): Expr {
    if (expr.kind !== "call" || !commutative.has(expr.fn)) return expr;
    const [x, y] = expr.args;
    if (x === undefined || y === undefined) return expr;
    return this.#table.number(x) <= this.#table.number(y) ? expr : { ...expr, args: [y, x] };
  }

  #depth(node: Expr): number {
    const known = this.#depths.get(node);
    if (known !== undefined) return known;
    const operands = node.kind === "call" ? node.args : node.kind === "cast" ? [node.value] : [];
    const depth = 1 + Math.max(0, ...operands.map((operand) => this.#depth(operand)));
    this.#depths.set(node, depth);
    return depth;
  }
}

/** The expressions of one call at one position of its outer axes at a time. */
class Elements {
  readonly #call: KernelCall;
  readonly #extents: readonly number[];
  readonly #unroller: Unroller;
  readonly #dependence: readonly (readonly number[])[];
  /** Stages by the position of the axes they depend on. */
  readonly #stages = new Map<string, Expr>();
  #position: number[] = [];
  #known = new Known();

  constructor(call: KernelCall, extents: readonly number[], unroller: Unroller) {
    this.#call = call;
    this.#extents = extents;
    this.#unroller = unroller;
    this.#dependence = stageDependence(call.kernel);
  }

  moveTo(position: readonly number[]): void {
    this.#position = [...position];
    this.#known = new Known();
  }

  /** The value of `expr` here; `decides` when rounding may change more than its last digits. */
  valueOf(expr: Expr, decides = false): Expr {
    const known = decides ? this.#known.decisive : this.#known.plain;
    const found = known.get(expr);
    if (found !== undefined) return found;
    const value = this.#compute(expr, decides);
    known.set(expr, value);
    return value;
  }

  #compute(expr: Expr, decides: boolean): Expr {
    this.#unroller.look();
    switch (expr.kind) {
      case "const":
        return this.#unroller.node(expr);
      case "scalar":
        throw new Unfit();
      case "coord":
        return this.#unroller.integer(this.#position[expr.axis] ?? 0);
      case "stage":
        return this.#stage(expr.stage, decides);
      case "cast": {
        const value = this.valueOf(expr.value, decides || !isFloat(expr.dtype));
        return this.#unroller.node({ ...expr, value });
      }
      case "call": {
        const all = decides || decisive.has(expr.fn);
        const args = expr.args.map((arg) => this.valueOf(arg, all));
        return this.#unroller.node({ ...expr, args });
      }
      case "load":
        return this.#load(expr, decides);
      default:
        return expr satisfies never;
    }
  }

  #load({ dtype, input, index, guard, otherwise }: Load, decides: boolean): Expr {
    const view = this.#call.inputs[input];
    if (view === undefined) throw new RangeError(`no input ${input}`);
    const open = guard === undefined ? undefined : this.valueOf(guard);
    const closed = otherwise === undefined ? undefined : this.valueOf(otherwise, decides);
    const guarded = open !== undefined && closed !== undefined && open.kind !== "const";
    if (open?.kind === "const" && open.value === 0 && closed !== undefined) return closed;

    const { shape, strides } = view.layout;
    const at = index.map((each) => this.valueOf(each, true));
    const inside = at.every(
      (i, d) => i.kind !== "const" || (i.value >= 0 && i.value < (shape[d] ?? 0)),
    );
    // Out of range the guard is false, whatever the run.
    if (guarded && (!inside || view.layout.size === 0)) return closed;
    let offset = view.offset;
    let moved: Expr | undefined;
    for (const [d, i] of at.entries()) {
      const stride = strides[d] ?? 0;
      if (i.kind === "const") offset += i.value * stride;
      else {
        const step = this.#unroller.node(call("mul", i, stride));
        moved = moved === undefined ? step : this.#unroller.node(call("add", moved, step));
      }
    }
    let value: Expr;
    if (moved === undefined) value = this.#unroller.element(view.buffer, offset);
    else {
      // Where the guard is false any element will do: a load with a guard of its own would have its
      // index written out again at each use.
      const address = this.#unroller.node(call("add", moved, offset));
      const some = this.#unroller.integer(view.offset);
      const safe = guarded ? this.#unroller.node(call("select", open, address, some)) : address;
      value = this.#unroller.elementAt(view.buffer, safe);
    }
    if (decides && dtype === "float32") value = this.#unroller.rounded(value);
    return guarded ? this.#unroller.node(call("select", open, value, closed)) : value;
  }

  #stage(index: number, decides: boolean): Expr {
    const stage = this.#call.kernel.stages[index];
    if (stage === undefined) throw new RangeError(`no stage ${index}`);
    const axes = this.#dependence[index] ?? [];
    const key = `${index} ${decides} ${axes.map((axis) => this.#position[axis])}`;
    const found = this.#stages.get(key);
    if (found !== undefined) return found;
    const value = this.#reduce(stage, decides);
    this.#stages.set(key, value);
    return value;
  }

  #reduce(stage: Stage, decides: boolean): Expr {
    const [position, known] = [this.#position, this.#known];
    const values: Expr[] = [];
    const isArg = stage.reduce === "argmax" || stage.reduce === "argmin";
    for (const inner of positions(stage.axes.map((axis) => this.#extents[axis] ?? 0))) {
      const moved = [...position];
      for (const [i, axis] of stage.axes.entries()) moved[axis] = inner[i] ?? 0;
      this.moveTo(moved);
      values.push(this.valueOf(stage.value, decides || isArg));
    }
    [this.#position, this.#known] = [position, known];
    return reduced(stage, values, (expr) => this.#unroller.node(expr));
  }
}

/** Nodes computed at a position, apart for those in which floats from temporaries are rounded. */
class Known {
  readonly plain = new Map<Expr, Expr>();
  readonly decisive = new Map<Expr, Expr>();
}

/** The positions in an array of this shape, row by row. */
function* positions(shape: readonly number[]): Generator<number[]> {
  const [n, ...rest] = shape;
  if (n === undefined) yield [];
  else for (let i = 0; i < n; i++) for (const inner of positions(rest)) yield [i, ...inner];
}
