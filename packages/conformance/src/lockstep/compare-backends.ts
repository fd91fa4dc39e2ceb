import {
  type Backend,
  BackendError,
  defaultGenerator,
  formatValue,
  manualSeed,
  ValueError,
} from "@chainrule/core";
import { deviceOf, exchangeDevice, observe } from "@chainrule/core/observe";
import { newArray } from "@chainrule/kernel";
import type { ToleranceOption } from "./bounds.js";
import type { Comparison } from "./difference.js";
import { FirstRun } from "./first-run.js";
import type { Run } from "./run.js";
import { SecondRun } from "./second-run.js";

/** Options of {@link compareBackends}. */
export interface CompareOptions {
  /** The seed of the random numbers of both runs; default 0. */
  readonly seed?: number | undefined;
  /**
   * How far results of an operation may be apart, instead of the usual; undefined for the usual. Asked
   * for "leaf" about arrays and numbers that no operation made, which must otherwise be equal.
   */
  readonly tolerance?: ToleranceOption | undefined;
}

/**
 * Runs `fn` on backend `a`, which is trusted, and then on `b`, and stops at the first operation of `b`
 * that differs.
 *
 * Each operation of `b`, those of backward passes and optimizers included, is run again on `a` with the
 * operands that it had on `b`, in the same places of memory. So a difference is the fault of the operation
 * that is named, not of rounding before it. What differs is of one of these kinds: a "value" that an
 * operation gives; a "leaf", an array or number that no operation made; "memory", an operand that is no
 * longer what was written to it; the "sequence" of operations; an "error" on `b` alone.
 *
 * `fn` makes all that it works with itself (the backend it runs on is that of new tensors meanwhile) and
 * may be async; both runs start from the same seed. Until the result is there, nothing else should
 * compute. Paths are known of modules and optimizers that `fn` makes.
 * Throws: {@link BackendError} for a backend that is none, closed, or the same twice; {@link ValueError}
 * while another comparison is going on, and when `fn` computes nothing on the backend; whatever `fn`
 * throws on `a`.
 *
 * @example
 * const wrong = { ...js(), name: "wrong", ops: { square: {
 *   accepts: () => true,
 *   run: () => {},
 * } } };
 * const result = await compareBackends(() => tensor([1, 2]).add(1).square(), js(), wrong);
 * [result.kind, result.op, result.expected, result.got] // => ["value", "square", 9, 0]
 */
export async function compareBackends(
  fn: (backend: Backend) => unknown,
  a: Backend,
  b: Backend,
  options: CompareOptions = {},
): Promise<Comparison> {
  if (typeof fn !== "function") {
    throw new ValueError("compareBackends", "what is compared is a function", {
      expected: "a function of a backend, such as a training step",
      got: formatValue(fn),
    });
  }
  await ensureUsable(a);
  await ensureUsable(b);
  if (a === b) {
    throw new BackendError("compareBackends", "two backends are compared", {
      expected: "two backends, made by two calls of a factory at least",
      got: `"${a.name}" twice`,
    });
  }
  const { seed = 0, tolerance = () => undefined } = options;
  const seedsOnHost = a.capabilities.exactInt32 !== b.capabilities.exactInt32;
  const first = new FirstRun(a, seedsOnHost);
  const second = new SecondRun(b, seedsOnHost, { run: first, backend: a, toleranceOf: tolerance });
  const failure = await watch(first, fn, a, seed);
  if (failure !== undefined) throw failure.error;
  if (first.operations === 0) {
    throw new ValueError(
      "compareBackends",
      "the function must compute on the backend it is given",
      {
        expected: `operations on "${a.name}"`,
        got: "none",
        fix: "Make models and tensors inside the function, without a backend or with the one given.",
      },
    );
  }
  return second.conclusion(await watch(second, fn, b, seed));
}

/** Runs `fn` on `backend` under the eyes of `run`; returns what it threw. */
async function watch(
  run: Run,
  fn: (backend: Backend) => unknown,
  backend: Backend,
  seed: number,
): Promise<{ readonly error: unknown } | undefined> {
  const stop = observe(run);
  const device = exchangeDevice(deviceOf(backend));
  const random = defaultGenerator().getState();
  try {
    manualSeed(seed);
    await fn(backend);
    return undefined;
  } catch (error) {
    return { error };
  } finally {
    defaultGenerator().setState(random);
    exchangeDevice(device);
    run.scopes.release();
    stop();
  }
}

/** Throws: {@link BackendError} unless `backend` is one, and takes and gives elements. */
async function ensureUsable(backend: Backend): Promise<void> {
  deviceOf(backend);
  const [dtype = "float32"] = backend.capabilities.dtypes;
  const handle = backend.upload(newArray(dtype, 1), dtype);
  await backend.read(handle, 0, 1);
  backend.free(handle);
}
