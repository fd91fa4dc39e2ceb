// Programs as JavaScript: a small one as one straight line, a larger one as a function of loops for
// each call, bound to its sizes and places. Nothing is allocated in a run.

import { coalesce } from "../coalesce.js";
import { bytesPerElement, type DType } from "../dtype.js";
import { KernelError } from "../errors.js";
import { extentsOf, type Kernel, type OperandSpec, strideClass } from "../kernel.js";
import type { Layout } from "../layout.js";
import type { KernelCall, Program, ProgramCall } from "../program/program.js";
import type { Coalesced } from "../regroup.js";
import { literal } from "./javascript-calls.js";
import { declarationsFor, javaScript, towardsBranchless } from "./javascript-language.js";
import { type LoopNest, planLoopNest } from "./loop-nest.js";
import { operandName, printNest } from "./print-nest.js";
import { type Place, type StraightLine, straightLine } from "./straight-line.js";

/** Where the temporaries of a program lie in one piece of memory. */
export interface Placement {
  readonly bytes: number;
  /** The first byte of a temporary, a multiple of 8. */
  offsetOf(buffer: number): number;
}

/** How a program is generated. */
export interface ProgramSource {
  /**
   * An expression: a function `(arena, constants, native)` that gives `{ bind(index, data), run() }`.
   * `arena` has the views `f32`, `f64`, `i32` and `u8` of one buffer, `constants` the typed array of
   * each constant by the index of its buffer, `native` a function for each of {@link natives}.
   */
  readonly text: string;
  /** The indices of the calls that are left to `native`, in its order. */
  readonly natives: readonly number[];
  readonly way: "straight-line" | "loops";
}

/**
 * Programs of more scalar operations, loads and stores run as loops: V8 never optimises a function
 * of more than 60 KB of bytecode, about 6,000 of them (7 times slower than loops, measured).
 */
const straightLineLimit = 2500;

/**
 * The source of `program`, whose results must be placed; calls that are `isNative` are left to the
 * caller, and own calls must be. Above `limit` operations it becomes loops; 0 asks for them.
 *
 * Throws: {@link KernelError} for what JavaScript has no numbers for.
 *
 * @example
 * const nothing: Program = { name: "nothing", buffers: [], calls: [], results: [] };
 * generateProgram(nothing, { bytes: 0, offsetOf: () => 0 }, () => false).way // => "straight-line"
 */
export function generateProgram(
  program: Program,
  memory: Placement,
  isNative: (call: ProgramCall) => boolean,
  limit: number = straightLineLimit,
): ProgramSource {
  if (program.results.length > 0) throw new TypeError("results must be placed first");
  for (const { dtype } of program.buffers)
    if (dtype === "float16")
      throw new KernelError(program.name, ["dtypes: expected one JavaScript stores, got float16"]);
  const natives = program.calls.flatMap((call, index) => (isNative(call) ? [index] : []));
  const line = natives.length > 0 ? undefined : straightLine(program, limit);
  const printer = new ProgramPrinter(program, memory);
  if (line === undefined) printer.loops(natives);
  else printer.straightLine(line);
  return {
    text: printer.text(natives.length),
    natives,
    way: line === undefined ? "loops" : "straight-line",
  };
}

class ProgramPrinter {
  readonly #program: Program;
  readonly #memory: Placement;
  readonly #choices = new Map<string, number>();
  readonly #functions: string[] = [];

  constructor(program: Program, memory: Placement) {
    this.#program = program;
    this.#memory = memory;
  }

  /** The functions printed so far, with all that they need around them. */
  text(natives: number): string {
    const functions = this.#functions.join("\n");
    const bound = this.#program.buffers.flatMap(({ role }, index) =>
      role === "temporary" || role === "constant" ? [] : [index],
    );
    const lines = [
      "const { f32, f64, i32, u8 } = arena;",
      ...this.#program.buffers.flatMap(({ role }, index) =>
        role === "constant" ? [`const ${this.#array(index)} = constants[${index}];`] : [],
      ),
      ...bound.map((index) => `let ${this.#array(index)};`),
      ...Array.from({ length: natives }, (_, i) => `const native${i} = native[${i}];`),
      ...declarationsFor(functions, this.#choices),
      functions,
      "function bind(index, data) {",
      "  switch (index) {",
      ...bound.map((index) => `    case ${index}: ${this.#array(index)} = data; break;`),
      "  }",
      "}",
      "return { bind, run };",
    ];
    return `(arena, constants, native) => {\n${lines.join("\n")}\n}`;
  }

  /** One function for all. */
  straightLine({ kernel, places }: StraightLine): void {
    const nest = planLoopNest(kernel, towardsBranchless);
    // Elements of one buffer share its name: nothing moves.
    const buffers = new Set(places.map(({ buffer }) => buffer));
    const arrays = [...buffers].map((buffer) => [`x${buffer}`, buffer] as const);
    const nameOf = (operand: number): string => `x${places[operand]?.buffer}`;
    this.#function("run", arrays, this.#nest(nest, places, [], nameOf));
  }

  /** A function for each call that computes something, and one that calls them in order. */
  loops(natives: readonly number[]): void {
    const lines: string[] = [];
    for (const [index, call] of this.#program.calls.entries()) {
      const native = natives.indexOf(index);
      if (native >= 0) lines.push(`native${native}();`);
      else if (call.kind === "own") throw new TypeError("an own call must be native");
      else if (call.outputs.some(({ layout }) => layout.size > 0)) {
        const name = `kernel${index}_${call.kernel.name.replace(/\W+/g, "_")}`;
        this.#kernel(name, call);
        lines.push(`${name}();`);
      }
    }
    this.#function("run", [], lines);
  }

  #kernel(name: string, { kernel, inputs, outputs }: KernelCall): void {
    const views = [...inputs, ...outputs];
    const merged = withFewLoops(
      kernel,
      views.map(({ layout }) => layout),
    );
    const nest = withoutShortPasses(planLoopNest(merged.kernel, towardsBranchless));
    const nameOf = (operand: number): string => operandName(operand, inputs.length);
    const arrays = views.map(({ buffer }, operand) => [nameOf(operand), buffer] as const);
    this.#function(name, arrays, this.#nest(nest, views, merged.layouts, nameOf));
  }

  #nest(
    nest: LoopNest,
    places: readonly Place[],
    layouts: readonly Layout[],
    array: (operand: number) => string,
  ): string[] {
    return printNest(nest, javaScript(this.#choices), {
      array,
      offset: (operand) => literal(this.#start(places[operand])),
      stride: (operand, dim) => literal(layouts[operand]?.strides[dim] ?? 0),
      extent: (axis) => literal(Number(nest.kernel.axes[axis])),
      scalar: (index) => {
        throw new RangeError(`no scalar ${index}: programs have none`);
      },
    });
  }

  /** A function with names of its own for the arrays that `body` uses. */
  #function(
    name: string,
    arrays: readonly (readonly [name: string, buffer: number])[],
    body: readonly string[],
  ): void {
    const text = body.join("\n");
    const used = arrays.filter(([array]) => new RegExp(`\\b${array}\\[`).test(text));
    const lines = [
      ...used.map(([array, buffer]) => `const ${array} = ${this.#array(buffer)};`),
      ...body,
    ];
    this.#functions.push(`function ${name}() {\n${lines.map((l) => `  ${l}\n`).join("")}}`);
  }

  /** The array that a buffer lies in. */
  #array(buffer: number): string {
    const { role, dtype } = this.#program.buffers[buffer] ?? noBuffer(buffer);
    if (role === "temporary") return views[dtype];
    return `${role === "constant" ? "constant" : "bound"}${buffer}`;
  }

  /** The element of its array at which an operand starts. */
  #start(place: Place | undefined): number {
    if (place === undefined) return 0;
    const { role, dtype } = this.#program.buffers[place.buffer] ?? noBuffer(place.buffer);
    if (role !== "temporary") return place.offset;
    return this.#memory.offsetOf(place.buffer) / bytesPerElement(dtype) + place.offset;
  }
}

/** The view of the arena that holds elements of a dtype. */
const views: Readonly<Record<DType, string>> = {
  float32: "f32",
  float64: "f64",
  float16: "", // refused
  int32: "i32",
  uint8: "u8",
  bool: "u8",
};

function noBuffer(buffer: number): never {
  throw new RangeError(`no buffer ${buffer}`);
}

/** `kernel` with as few loops as `layouts` allow, and with all sizes known. */
function withFewLoops(kernel: Kernel, layouts: readonly Layout[]): Coalesced {
  const exact = <S extends OperandSpec>(spec: S, operand: number): S => ({
    ...spec,
    strides: layouts[operand]?.strides.map(strideClass) ?? [],
  });
  const merged = coalesce(
    {
      ...kernel,
      inputs: kernel.inputs.map(exact),
      outputs: kernel.outputs.map((output, o) => exact(output, kernel.inputs.length + o)),
    },
    layouts,
  );
  const axes = extentsOf(merged.kernel, merged.layouts);
  return { ...merged, kernel: { ...merged.kernel, axes } };
}

/** Loops of fewer turns than this gain nothing from passes that take several at a time. */
const worthUnrolling = 8;

function withoutShortPasses(nest: LoopNest): LoopNest {
  const isShort = (axis: number | undefined): boolean =>
    axis !== undefined && Number(nest.kernel.axes[axis]) < worthUnrolling;
  return {
    ...nest,
    blocked: isShort(nest.blocked) ? undefined : nest.blocked,
    levels: nest.levels.map((level) => ({
      ...level,
      steps: level.steps.map((step) =>
        step.kind === "stage" && isShort(step.loops.at(-1)?.axis)
          ? { ...step, unrolled: false }
          : step,
      ),
    })),
  };
}
