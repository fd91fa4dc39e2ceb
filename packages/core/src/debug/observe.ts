// Telling a tool, such as the lockstep differ of the conformance package, all that a program computes.

import type { TypedArray } from "@chainrule/kernel";
import type { Node } from "../autograd/node.js";
import { tracer } from "../engine/tracer.js";
import { ValueError } from "../errors.js";
import type { Attrs, Input, Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { observer, setObserver } from "./level.js";

/** What a tool is told, each time after it has happened. What a method throws reaches the program. */
export interface Observer {
  /** `op`, also one inside a derivative or another function, gave `output`; views share memory. */
  operation(op: Primitive, inputs: readonly Input[], attrs: Attrs, output: Tensor): void;
  /** `data` was copied to a backend as the elements of `x`. It belongs to the caller: keep a copy. */
  upload(x: Tensor, data: TypedArray): void;
  /** A backward pass goes on to the derivative of `node`; null: it has come to its end. */
  derivative(node: Node | null): void;
  /** `part` is being made, whose calls of `method` are worth a name: see {@link announce}. */
  made(part: object, method: string): void;
}

/**
 * Tells `next` all that happens until the function that it returns is called.
 *
 * Throws: {@link ValueError} while another observer is told.
 *
 * @example
 * const names: string[] = [];
 * const nothing = () => {};
 * const stop = observe({
 *   operation: ({ name }) => names.push(name),
 *   upload: nothing, derivative: nothing, made: nothing,
 * });
 * tensor([[1, 2]]).T.sum();
 * stop();
 * names // => ["matrixTranspose", "sum"]
 */
export function observe(next: Observer): () => void {
  if (observer !== undefined) {
    throw new ValueError("observe", "there is one observer at a time", {
      expected: "nobody observing",
      got: "an observer that has not been stopped",
      fix: "Await one comparison before the next.",
    });
  }
  setObserver(next);
  return () => {
    if (observer === next) setObserver(undefined);
  };
}

/**
 * Tells the observer that `part` is being made, so that it can say in which calls of `method` of which
 * part operations run: for the constructors of modules (`forward`) and optimizers (`step`). Its class
 * then tells recordings of `compile` when `method` runs.
 *
 * @example
 * announce({ forward: () => 1 }, "forward");
 */
export function announce(part: object, method: string): void {
  observer?.made(part, method);
  let owner = Object.getPrototypeOf(part);
  while (owner !== null && !Object.hasOwn(owner, method)) owner = Object.getPrototypeOf(owner);
  if (owner === null || telling.has(owner)) return;
  telling.add(owner);
  const run = owner[method];
  owner[method] = function (this: object, ...inputs: unknown[]): unknown {
    const call = () => run.apply(this, inputs);
    return tracer === undefined ? call() : tracer.within(this, method, call);
  };
}

/**
 * Runs `run` at once, even while a function is recorded: for state that an optimizer, say, makes when it
 * first needs it.
 *
 * @example
 * unrecorded(() => zeros([2])) // => [0, 0]
 */
export function unrecorded<T>(run: () => T): T {
  return tracer === undefined ? run() : tracer.pause(run);
}

/** Says that property `key` of `part` is read as `value`: a program for it serves no other. */
export function noteRead(part: object, key: string, value: unknown): void {
  tracer?.note(part, key, value);
}

/**
 * Refuses to be recorded: for what changes numbers of JavaScript, which a program would not see.
 *
 * Throws: CompileError while a function is recorded; `what` says what it got.
 *
 * @example
 * refuseRecording("a learning rate that is set");
 */
export function refuseRecording(what: string): void {
  tracer?.refuse(what);
}

/** Prototypes whose methods tell when they run. */
const telling = new WeakSet<object>();
