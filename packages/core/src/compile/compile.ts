import { type CompiledProgram, optimizeProgram, type Program } from "@chainrule/kernel";
import { currentDevice } from "../backend/current.js";
import { debugLevel, observer, watched, writeDebug } from "../debug/level.js";
import { showKernel } from "../debug/show.js";
import type { Device } from "../engine/device.js";
import { tracer } from "../engine/tracer.js";
import { formatValue, ValueError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { byKernels } from "./by-kernels.js";
import { BackwardProgram } from "./derivative.js";
import { functionError, optionsError } from "./errors.js";
import { Executable } from "./executable.js";
import { explain } from "./explain.js";
import { inJavaScript } from "./in-javascript.js";
import { record } from "./record.js";
import { mapTensors } from "./signature.js";
import type { Watch } from "./watch.js";

/** Options of {@link compile}. */
export interface CompileOptions {
  /** What warnings and `explain()` call it; default: the name of the function. */
  readonly name?: string | undefined;
  /** Receives warnings; default: the console. */
  readonly warn?: ((text: string) => void) | undefined;
}

/** A compiled function: it is called as `F` is. */
export type Compiled<F extends (...args: never[]) => unknown> = F & {
  /**
   * The programs made so far, for people: kernels with the operations fused into each, by the phases
   * of a training step, with bytes and floating-point operations.
   */
  explain(): string;
  /** Gives back the programs and their memory; the next call records again. */
  dispose(): void;
};

/** Programs kept per function; the oldest makes way. */
const capacity = 16;
/** So many programs say that an argument changes at every call. */
const suspicious = 8;

/**
 * Makes `fn` one program: it is run once with nothing computed, what it would compute is simplified,
 * fused and given fixed memory, and later calls run the result. A whole training step, with backward
 * pass and update, is one program.
 *
 * Shapes: tensors in the arguments, also within arrays and object literals, are inputs; their shapes
 * and dtypes and all other arguments are compared at each call, and a call that differs is recorded
 * anew, as it is when a module changes its mode or an option, or a parameter is frozen. Tensors reached
 * otherwise are read, and written, where they are; learning rates may change freely. Other values from
 * outside, such as numbers and variables of a closure, are what they were when it was recorded, and
 * other effects (counting, logging, keeping a tensor in a variable) happen only then. The arguments of
 * the last call stay in memory until the next, which is faster on the same ones. Results equal those
 * of `fn`, except that float32 values within a fused kernel are rounded once; those that `fn` has called
 * `backward` on have no graph to call it on again.
 *
 * Throws: CompileError when `fn` reads an element, is async, works on several backends, changes an
 * argument other than by `assign`, or writes to memory that has two names; when a tensor made inside is
 * used outside without having been returned; when a second derivative is taken through it; when `fn` is
 * no function, or an option is not one of those listed.
 *
 * @example
 * import { compile } from "@chainrule/core/compile";
 * const w = tensor([1, 2], { requiresGrad: true });
 * const step = compile((x: Tensor) => {
 *   const loss = x.mul(w).square().sum();
 *   w.grad = null;
 *   loss.backward();
 *   noGrad(() => assign(w, w.sub((w.grad as Tensor).mul(0.1))));
 *   return loss;
 * });
 * step(tensor([1, 1])) // => 5
 * step(tensor([1, 1])) // => 3.2 within 1e-6
 */
export function compile<F extends (...args: never[]) => unknown>(
  fn: F,
  options: CompileOptions = {},
): Compiled<F> {
  if (typeof fn !== "function") throw functionError(formatValue(fn));
  ensureOptions(options);
  const { name = fn.name === "" ? "compiled" : fn.name, warn = warnOnConsole } = options;
  const plain = fn as unknown as (...args: readonly unknown[]) => unknown;
  const programs = new Programs(name, plain, warn);
  const compiled = (...args: never[]): unknown => {
    if (tracer !== undefined || watched) return programs.runWatched(args);
    const { latest } = programs;
    return (latest?.fits(args) ? latest : programs.for(args)).run();
  };
  return Object.assign(compiled as F, {
    explain: () => explain(name, programs.all),
    dispose: () => programs.clear(),
  });
}

function ensureOptions(options: CompileOptions): void {
  if (typeof options !== "object" || options === null) throw optionsError(options);
  const { name = "", warn = warnOnConsole, ...others } = options;
  if (typeof name !== "string") throw optionsError(name);
  if (typeof warn !== "function") throw optionsError(warn);
  for (const unknown of Object.keys(others)) throw optionsError(unknown);
}

/** The programs of one function. */
class Programs {
  readonly #name: string;
  readonly #fn: (...args: readonly unknown[]) => unknown;
  readonly #warn: (text: string) => void;
  /** The one that ran last. */
  latest: Executable | undefined;
  #all: Executable[] = [];
  #recorded = 0;

  constructor(
    name: string,
    fn: (...args: readonly unknown[]) => unknown,
    warn: (text: string) => void,
  ) {
    this.#name = name;
    this.#fn = fn;
    this.#warn = warn;
  }

  /** Latest first. */
  get all(): readonly Executable[] {
    return this.#all;
  }

  /** The program for `args`. */
  for(args: readonly unknown[]): Executable {
    const all = this.#all;
    const i = all.findIndex((program) => program.fits(args));
    const [found = this.#record(args)] = i < 0 ? [] : all.splice(i, 1);
    all.unshift(found);
    if (all.length > capacity) all.pop()?.dispose();
    this.latest = found;
    return found;
  }

  /**
   * Runs it where each operation is told to somebody. Inside another recording, and for an observer, it
   * is the function itself; `DEBUG` has a line for each call.
   */
  runWatched(args: readonly unknown[]): unknown {
    if (tracer !== undefined || observer !== undefined) return this.#fn(...args);
    const start = performance.now();
    const executable = this.for(args);
    const result = executable.run();
    const { device, program } = executable.recording;
    const time = debugLevel < 2 ? "" : ` ${(performance.now() - start).toFixed(3).padStart(8)} ms`;
    writeDebug(
      `${device.backend.name}${time}  ${this.#name}, compiled (${program.calls.length} kernel${program.calls.length === 1 ? "" : "s"})`,
    );
    return result;
  }

  clear(): void {
    for (const program of this.#all) program.dispose();
    this.#all = [];
    this.latest = undefined;
  }

  #record(args: readonly unknown[]): Executable {
    const device = deviceFor(args);
    const difference = this.latest?.differenceFrom(args);
    if (debugLevel > 0) writeDebug(`${device.backend.name}  recording ${this.#name}:`);
    const recorded = record(device, this.#name, this.#fn, args);
    const program = optimizeProgram(recorded.program);
    const ready = readyProgram(device, program, recorded.watch);
    const derivative = recorded.derivative && {
      ...recorded.derivative,
      program: optimizeProgram(recorded.derivative.program),
    };
    const backward =
      derivative &&
      new BackwardProgram(device, derivative, readyProgram(device, derivative.program));
    const recording = { ...recorded, program, derivative };
    if (debugLevel > 2)
      for (const call of program.calls) if (call.kind === "kernel") showKernel(call.kernel);
    const made = new Executable(recording, ready, backward, args, this.#name);
    if (!made.fits(args)) throw changedError();
    this.#recorded += 1;
    if (this.#recorded === suspicious)
      this.#warn(
        `[compile] ${this.#name} was recorded ${suspicious} times, the last time because ${difference} had changed. Pass what changes from call to call as a tensor.`,
      );
    for (const surprise of recorded.surprises) {
      this.#warn(
        `[compile] ${this.#name} uses a tensor that is no argument, parameter, buffer or optimizer state: ${surprise}. The tensor that was there when it was recorded is read in each call; pass it as an argument to use another one.`,
      );
    }
    return made;
  }
}

function readyProgram(device: Device, program: Program, watch?: Watch): CompiledProgram {
  const own = device.backend.compileProgram?.(program, (evaluate) => {
    watch?.generate(evaluate);
    return inJavaScript(device, program, evaluate);
  });
  return own ?? byKernels(device, program);
}

/** The device of the first tensor among `args`, or the current one. */
function deviceFor(args: readonly unknown[]): Device {
  let device: Device | undefined;
  mapTensors(args, (x: Tensor) => {
    device ??= x.storage.device;
    return x;
  });
  return device ?? currentDevice();
}

function changedError(): ValueError {
  return new ValueError("compile", "a function must leave what it depends on as it is", {
    expected: "options, modes and frozen parameters that stay the same inside the function",
    got: "some that it changes itself",
    fix: "Call model.train(), model.eval() and freeze() outside.",
  });
}

function warnOnConsole(text: string): void {
  // biome-ignore lint/suspicious/noConsole: a warning must be seen
  console.warn(text);
}
