// Walks a loop nest and prints it in a language. Names: x0, x1 … are inputs, y0 … outputs,
// i2 is the position along axis 2 and n2 its extent, t3 a value used more than once, sum0 the result
// of stage 0, x1_at2 where the loop over axis 2 stands in x1. Lanes are the copies of a statement
// for neighbouring positions along one axis; lane 1 of sum0 is sum0_1.

import { type DType, type DTypeKind, kindOf } from "../dtype.js";
import type { Expr } from "../expr.js";
import type { Stage } from "../kernel.js";
import { immediate, type Steps } from "./address.js";
import {
  atom,
  type CallPrinter,
  type Code,
  type Language,
  type LoopPass,
  type Pointer,
} from "./language.js";
import type { Access, Level, LoopNest, StageStep } from "./loop-nest.js";

/** How many turns a blocked or unrolled loop takes at a time. */
const laneCount = 4;

/** The lanes in force: positions `axis`, `axis` + 1 … are computed side by side. */
interface Lanes {
  readonly axis: number;
  readonly count: number;
}

/** What the loops take for granted: the text around them declares these. */
export interface NestNames {
  /** The array of an operand. */
  array(operand: number): string;
  /** The element at which an operand starts. */
  offset(operand: number): Code;
  stride(operand: number, dim: number): Code;
  extent(axis: number): Code;
  scalar(index: number): Code;
}

/** The statements of `nest`, one per line. */
export function printNest(nest: LoopNest, language: Language, names: NestNames): string[] {
  return new NestPrinter(nest, language, names).print();
}

/** The name of operand `operand` of a kernel with `inputs` inputs. */
export function operandName(operand: number, inputs: number): string {
  return operand < inputs ? `x${operand}` : `y${operand - inputs}`;
}

class NestPrinter {
  readonly #nest: LoopNest;
  readonly #language: Language;
  readonly #names: NestNames;
  readonly #lines: string[] = [];
  readonly #valueNames = new Map<Expr, string>();
  readonly #pointers = new Map<Access, Code>();
  readonly #pointerNames = new Map<Access, string>();
  #indent = 0;
  #lanes: Lanes | undefined;

  constructor(nest: LoopNest, language: Language, names: NestNames) {
    this.#nest = nest;
    this.#language = language;
    this.#names = names;
    const seen = new Map<number, number>();
    for (const access of this.#accesses()) {
      // A second element of the same operand is told apart by a letter.
      const twin = seen.get(access.operand) ?? 0;
      seen.set(access.operand, twin + 1);
      const letter = twin === 0 ? "" : twin < 26 ? String.fromCharCode(97 + twin) : `z${twin}`;
      this.#pointerNames.set(access, `${names.array(access.operand)}${letter}_at`);
    }
  }

  print(): string[] {
    for (const access of this.#accesses()) {
      const offset = this.#names.offset(access.operand);
      const start = this.#sum(offset, this.#steps(access, access.address.base));
      const name = `${this.#pointerNames.get(access)}_from`;
      if (start !== offset) this.#line(this.#language.constant(name, start, "int32"));
      this.#pointers.set(access, start === offset ? offset : atom(name));
    }
    this.#level(0);
    return this.#lines;
  }

  #accesses(): Access[] {
    return [...this.#nest.loads.values(), ...this.#nest.stores];
  }

  // 1. Statements

  /** A turn of the outer loop at `depth`, and all that it encloses. */
  #level(depth: number): void {
    this.#enter(this.#nest.levels[depth]);
    const next = this.#nest.levels[depth + 1];
    if (next === undefined) this.#outputs();
    else this.#loop(next, this.#nest.blocked === next.axis, () => this.#level(depth + 1));
  }

  #enter(level: Level | undefined): void {
    for (const step of level?.steps ?? []) {
      if (step.kind === "stage") this.#stage(step);
      else this.#value(step.expr);
    }
  }

  #value(expr: Expr): void {
    const name = `t${this.#valueNames.size}`;
    for (const lane of this.#lanesOf(expr)) {
      const value = this.#language.number(this.#write(expr, lane));
      this.#line(this.#language.constant(this.#laned(name, lane), value, expr.dtype));
    }
    this.#valueNames.set(expr, name);
  }

  #outputs(): void {
    const { outputs } = this.#nest.kernel;
    const lanes = this.#lanes?.count ?? 1;
    // Every output is read before any is written: they may overwrite inputs.
    const apart = outputs.length > 1;
    for (let lane = 0; lane < lanes; lane++) {
      const values = outputs.map((output, o) => {
        const value = this.#language.number(this.#print(output.value, lane));
        if (!apart) return value;
        const name = this.#laned(`v${o}`, lane);
        this.#line(this.#language.constant(name, value, output.dtype));
        return atom(name);
      });
      for (const [o, store] of this.#nest.stores.entries()) {
        const value = values[o];
        const array = this.#names.array(store.operand);
        if (value !== undefined)
          this.#line(this.#language.store(array, this.#address(store, lane), value));
      }
    }
  }

  #stage(step: StageStep): void {
    const stage = this.#nest.kernel.stages[step.stage];
    if (stage === undefined) return;
    if (stage.reduce === "argmax" || stage.reduce === "argmin") this.#argStage(step, stage);
    else this.#totalStage(step, stage);
  }

  #totalStage(step: StageStep, stage: Stage): void {
    const { combine, variable, assign } = this.#language;
    const name = `${stage.reduce}${step.stage}`;
    const inner = step.loops.at(-1)?.axis;
    const lanes = step.unrolled && inner !== undefined ? laneCount : this.#stageLanes(step.stage);
    const empty = this.#empty(stage);
    for (let lane = 0; lane < lanes; lane++)
      this.#line(variable(this.#laned(name, lane), empty, stage.dtype));
    const merge = (from: number, into: number): void => {
      const total = atom(this.#laned(name, into));
      const other = atom(this.#laned(name, from));
      this.#line(assign(total.text, combine(stage.reduce, total, other, stage.dtype)));
    };
    const add = (): void => {
      for (let lane = 0; lane < (this.#lanes?.count ?? 1) && lane < lanes; lane++) {
        const total = atom(this.#laned(name, lane));
        const value = this.#language.number(this.#print(stage.value, lane));
        this.#line(assign(total.text, combine(stage.reduce, total, value, stage.dtype)));
      }
    };
    this.#nestedLoops(step.loops, step.unrolled, add);
    if (step.unrolled) {
      merge(1, 0);
      merge(3, 2);
      merge(2, 0);
    }
  }

  #argStage(step: StageStep, stage: Stage): void {
    const { variable, assign, wins, openIf, close } = this.#language;
    const name = `${stage.reduce}${step.stage}`;
    const best = `best${step.stage}`;
    const count = `count${step.stage}`;
    const lanes = this.#stageLanes(step.stage);
    const zero = this.#language.literal(0, "int32");
    for (let lane = 0; lane < lanes; lane++) {
      this.#line(variable(this.#laned(name, lane), zero, "int32"));
      this.#line(variable(this.#laned(best, lane), this.#empty(stage), stage.value.dtype));
    }
    // The position along a single axis is its index; over several it is counted.
    const only = step.loops.length === 1 ? step.loops[0]?.axis : undefined;
    const counted = only === undefined;
    if (counted) this.#line(variable(count, zero, "int32"));
    this.#nestedLoops(step.loops, false, () => {
      for (let lane = 0; lane < lanes; lane++) {
        const value = this.#laned(`value${step.stage}`, lane);
        const code = this.#language.number(this.#print(stage.value, lane));
        this.#line(this.#language.constant(value, code, stage.value.dtype));
        const bestLane = this.#laned(best, lane);
        this.#line(openIf(wins(stage.reduce, atom(value), atom(bestLane), stage.value.dtype)));
        this.#indented(() => {
          this.#line(assign(bestLane, atom(value)));
          this.#line(assign(this.#laned(name, lane), atom(counted ? count : `i${only}`)));
        });
        this.#line(close);
      }
      if (counted) {
        const one = this.#language.literal(1, "int32");
        this.#line(assign(count, this.#language.addressSum(atom(count), one)));
      }
    });
  }

  #empty(stage: Stage): Code {
    const dtype = stage.value.dtype;
    const value = emptyValue(stage.reduce, dtype);
    return this.#language.literal(value, dtype);
  }

  #nestedLoops(loops: readonly Level[], unrolled: boolean, body: () => void): void {
    const [level, ...inner] = loops;
    if (level === undefined) {
      body();
      return;
    }
    this.#loop(level, unrolled && inner.length === 0, () => {
      this.#enter(level);
      this.#nestedLoops(inner, unrolled, body);
    });
  }

  /** The loop of `level`; with `lanes` its first pass takes several turns at a time. */
  #loop(level: Level, lanes: boolean, body: () => void): void {
    const { axis } = level;
    if (axis === undefined) {
      body();
      return;
    }
    const index = `i${axis}`;
    const extent = this.#names.extent(axis);
    const before = new Map(this.#pointers);
    const { pointers, fixed } = this.#advance(axis);
    const pass = (by: number): LoopPass => ({
      index,
      extent,
      by,
      pointers: pointers.map((p) => (by === 1 ? p : { ...p, step: this.#times(p.step, by) })),
    });
    const turn = (by: number): void => {
      const names = new Map(this.#valueNames);
      if (by > 1) this.#lanes = { axis, count: by };
      this.#indented(() => {
        for (const { name, value } of fixed)
          this.#line(this.#language.constant(name, value, "int32"));
        body();
      });
      if (by > 1) this.#lanes = undefined;
      this.#line(this.#language.close);
      this.#valueNames.clear();
      for (const [expr, name] of names) this.#valueNames.set(expr, name);
    };
    if (lanes) {
      for (const line of this.#language.declareLoop(pass(1))) this.#line(line);
      this.#line(this.#language.openPass(pass(laneCount)));
      turn(laneCount);
      this.#line(this.#language.openPass(pass(1)));
      turn(1);
    } else {
      this.#line(this.#language.openLoop(pass(1)));
      turn(1);
    }
    this.#pointers.clear();
    for (const [access, code] of before) this.#pointers.set(access, code);
  }

  /**
   * Moves the accesses to inside the loop over `axis`. A step of one element is added to the index
   * where it is used, if that is in this very loop; other steps need a pointer of their own.
   */
  #advance(axis: number): { pointers: Pointer[]; fixed: { name: string; value: Code }[] } {
    const pointers: Pointer[] = [];
    const fixed: { name: string; value: Code }[] = [];
    // Elements of one operand that move alike share a pointer.
    const known = new Map<string, string>();
    for (const [access, from] of [...this.#pointers]) {
      const steps = access.address.axes.get(axis);
      if (steps === undefined) continue;
      const one = immediate(steps) === 1;
      if (one && this.#innermost(access) === axis) {
        this.#pointers.set(access, this.#sum(from, atom(`i${axis}`)));
        continue;
      }
      const step = this.#steps(access, steps);
      const key = `${from.text}, ${step.text}`;
      const name = known.get(key) ?? `${this.#pointerNames.get(access)}${axis}`;
      this.#pointers.set(access, atom(name));
      if (known.has(key)) continue;
      known.set(key, name);
      if (one) fixed.push({ name, value: this.#sum(from, atom(`i${axis}`)) });
      else pointers.push({ name, from, step });
    }
    return { pointers, fixed };
  }

  /** The axis of the innermost loop that moves `access`. */
  #innermost(access: Access): number | undefined {
    const { levels } = this.#nest;
    const stages = levels.flatMap((level) =>
      level.steps.flatMap((step) => (step.kind === "stage" ? step.loops : [])),
    );
    const moves = (level: Level): boolean =>
      level.axis !== undefined && access.address.axes.has(level.axis);
    return (stages.findLast(moves) ?? levels.findLast(moves))?.axis;
  }

  // 2. Expressions

  /** `expr` by its name, or written out. */
  #print(expr: Expr, lane: number): Code {
    const name = this.#valueNames.get(expr);
    if (name === undefined) return this.#write(expr, lane);
    const depends = this.#lanes !== undefined && this.#nest.axesOf(expr).has(this.#lanes.axis);
    return atom(depends ? this.#laned(name, lane) : name);
  }

  #write(expr: Expr, lane: number): Code {
    const language = this.#language;
    switch (expr.kind) {
      case "const":
        return language.literal(expr.value, expr.dtype);
      case "scalar":
        return this.#names.scalar(expr.index);
      case "coord":
        return this.#coord(expr.axis, lane);
      case "stage": {
        const stage = this.#nest.kernel.stages[expr.stage];
        const name = `${stage?.reduce}${expr.stage}`;
        return atom(this.#stageLanes(expr.stage) > 1 ? this.#laned(name, lane) : name);
      }
      case "cast": {
        const value = language.number(this.#print(expr.value, lane));
        return language.cast(value, expr.value.dtype, expr.dtype);
      }
      case "call": {
        const args = expr.args.map((arg) => this.#print(arg, lane));
        const dtype = expr.args.at(-1)?.dtype ?? expr.dtype;
        const printers: Partial<Record<DTypeKind, CallPrinter>> = language.calls[expr.fn];
        const printer = printers[kindOf(dtype)];
        if (printer === undefined) throw new TypeError(`${expr.fn} does not take ${dtype}`);
        return printer(args, dtype);
      }
      case "load": {
        const access = this.#nest.loads.get(expr);
        if (access === undefined) throw new Error("a load without an address");
        const array = this.#names.array(expr.input);
        const read = language.load(array, this.#address(access, lane));
        if (expr.guard === undefined || expr.otherwise === undefined) return read;
        const guard = language.condition(this.#print(expr.guard, lane));
        return language.choose(guard, read, language.number(this.#print(expr.otherwise, lane)));
      }
      default:
        return expr satisfies never;
    }
  }

  #coord(axis: number, lane: number): Code {
    const index: Code = { ...atom(`i${axis}`), natural: true };
    if (lane === 0 || this.#lanes?.axis !== axis) return index;
    const moved = this.#language.addressSum(index, this.#language.literal(lane, "int32"));
    return { ...moved, natural: true };
  }

  // 3. Addresses

  #address(access: Access, lane: number): Code {
    let address = this.#pointers.get(access) ?? atom("0");
    const along = this.#lanes === undefined ? undefined : this.#lanes.axis;
    const across = along === undefined ? undefined : access.address.axes.get(along);
    if (lane > 0 && across !== undefined)
      address = this.#sum(address, this.#times(this.#steps(access, across), lane));
    for (const term of access.address.rest) {
      const value = this.#language.number(this.#print(term.expr, lane));
      address = this.#sum(address, this.#product(value, this.#steps(access, term.steps)));
    }
    return address;
  }

  #steps(access: Access, steps: Steps): Code {
    let sum = this.#language.literal(steps.constant, "int32");
    for (const [dim, times] of steps.strides)
      sum = this.#sum(sum, this.#times(this.#names.stride(access.operand, dim), times));
    return sum;
  }

  #times(code: Code, times: number): Code {
    return this.#product(code, this.#language.literal(times, "int32"));
  }

  #sum(x: Code, y: Code): Code {
    if (x.constant === 0) return y;
    if (y.constant === 0) return x;
    return this.#language.addressSum(x, y);
  }

  #product(x: Code, y: Code): Code {
    if (x.constant === 1) return y;
    if (y.constant === 1) return x;
    if (x.constant !== undefined && y.constant !== undefined)
      return this.#language.literal(x.constant * y.constant, "int32");
    return this.#language.addressProduct(x, y);
  }

  // 4. Lanes and lines

  /** The copies a node needs: one unless it changes from lane to lane. */
  #lanesOf(expr: Expr): number[] {
    const lanes = this.#lanes;
    const count = lanes !== undefined && this.#nest.axesOf(expr).has(lanes.axis) ? lanes.count : 1;
    return Array.from({ length: count }, (_, lane) => lane);
  }

  /** How many results stage `stage` has side by side. */
  #stageLanes(stage: number): number {
    const lanes = this.#lanes;
    const { kernel, axesOf } = this.#nest;
    const reduction = kernel.stages[stage];
    if (lanes === undefined || reduction === undefined) return 1;
    const axes = axesOf({ kind: "stage", dtype: reduction.dtype, stage });
    return axes.has(lanes.axis) ? lanes.count : 1;
  }

  #laned(name: string, lane: number): string {
    return lane === 0 ? name : `${name}_${lane}`;
  }

  #line(text: string): void {
    this.#lines.push(`${"  ".repeat(this.#indent)}${text}`);
  }

  #indented(body: () => void): void {
    this.#indent++;
    body();
    this.#indent--;
  }
}

const lowest: Readonly<Partial<Record<DType, number>>> = { int32: -2147483648, uint8: 0, bool: 0 };
const highest: Readonly<Partial<Record<DType, number>>> = {
  int32: 2147483647,
  uint8: 255,
  bool: 1,
};

function emptyValue(reduce: Stage["reduce"], dtype: DType): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  return reduce === "max" || reduce === "argmax"
    ? (lowest[dtype] ?? Number.NEGATIVE_INFINITY)
    : (highest[dtype] ?? Number.POSITIVE_INFINITY);
}
