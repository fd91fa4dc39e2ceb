// Walks a loop nest and prints it in a language. Names: x0, x1 … are inputs, y0 … outputs,
// i2 is the position along axis 2 and n2 its extent, t3 a value used more than once, sum0 the result
// of stage 0, x1_at2 where the loop over axis 2 stands in x1. Lanes are the copies of a statement
// for neighbouring positions along one axis; lane 1 of sum0 is sum0_1.

import { type DType, type DTypeKind, kindOf } from "../dtype.js";
import type { Expr } from "../expr.js";
import type { Stage } from "../kernel.js";
import {
  atom,
  type CallPrinter,
  type Code,
  type Language,
  type LoopPass,
  type NestNames,
} from "./language.js";
import type { Access, Level, LoopNest, StageStep } from "./loop-nest.js";
import { type Moves, Pointers } from "./pointers.js";

/** How many turns a blocked or unrolled loop takes at a time. */
const laneCount = 4;

/** The lanes in force: positions `axis`, `axis` + 1 … are computed side by side. */
interface Lanes {
  readonly axis: number;
  readonly count: number;
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
  #valueNames = new Map<Expr, string>();
  readonly #pointers: Pointers;
  #indent = 0;
  #lanes: Lanes | undefined;

  constructor(nest: LoopNest, language: Language, names: NestNames) {
    this.#nest = nest;
    this.#language = language;
    this.#names = names;
    this.#pointers = new Pointers(nest, language, names);
  }

  print(): string[] {
    for (const { name, value } of this.#pointers.start())
      this.#line(this.#language.constant(name, value, "int32"));
    this.#level(0);
    return this.#lines;
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
    this.#pointers.inside(axis, (moves) => this.#passes(axis, lanes, moves, body));
  }

  #passes(axis: number, lanes: boolean, { pointers, fixed }: Moves, body: () => void): void {
    const { openLoop, openPass, declareLoop, close, constant } = this.#language;
    const pass = (by: number): LoopPass => ({
      index: `i${axis}`,
      extent: this.#names.extent(axis),
      by,
      pointers: pointers.map((p) => ({ ...p, step: this.#pointers.times(p.step, by) })),
    });
    const turn = (by: number): void => {
      const named = new Map(this.#valueNames);
      if (by > 1) this.#lanes = { axis, count: by };
      this.#indented(() => {
        for (const { name, value } of fixed) this.#line(constant(name, value, "int32"));
        body();
      });
      if (by > 1) this.#lanes = undefined;
      this.#line(close);
      this.#valueNames = named;
    };
    if (!lanes) {
      this.#line(openLoop(pass(1)));
      turn(1);
      return;
    }
    for (const line of declareLoop(pass(1))) this.#line(line);
    for (const by of [laneCount, 1]) {
      this.#line(openPass(pass(by)));
      turn(by);
    }
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

  #address(access: Access, lane: number): Code {
    return this.#pointers.address(access, lane, this.#lanes?.axis, (term) =>
      this.#language.number(this.#print(term, lane)),
    );
  }

  // 3. Lanes and lines

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

/** What a reduction of nothing is; position 0 for arg reductions comes from elsewhere. */
export function emptyValue(reduce: Stage["reduce"], dtype: DType): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  return reduce === "max" || reduce === "argmax"
    ? (lowest[dtype] ?? Number.NEGATIVE_INFINITY)
    : (highest[dtype] ?? Number.POSITIVE_INFINITY);
}
