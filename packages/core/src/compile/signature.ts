// What a call of a compiled function depends on in its arguments: the structure, shapes and dtypes of
// tensors, and all other leaves by value.

import { copyOf, thisCopy } from "../engine/tensor-class.js";
import { ValueError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import { hostDataError } from "./errors.js";

/** How deep arguments and results may be nested. */
const maxDepth = 64;

export function isTensor(value: unknown): value is Tensor {
  return typeof value === "object" && value !== null && copyOf(value) === thisCopy;
}

/** Whether `value` is an object literal, whose properties are looked at. */
export function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** `value` with every tensor in its arrays and plain objects replaced. */
export function mapTensors(value: unknown, replace: (x: Tensor) => unknown, depth = 0): unknown {
  if (isTensor(value)) return replace(value);
  if (depth > maxDepth) throw depthError();
  const again = (part: unknown): unknown => mapTensors(part, replace, depth + 1);
  if (Array.isArray(value)) return value.map(again);
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, again(part)]));
}

/** The arguments a program was made for. */
export class Signature {
  /** What the walk through the arguments meets, one entry after the other. */
  readonly #tokens: unknown[] = [];
  #position = 0;
  #count = 0;

  constructor(args: readonly unknown[]) {
    this.#record(args, 0);
  }

  /** Whether a program for these serves `args` too; then `leaves` holds their tensors in order. */
  fits(args: readonly unknown[], leaves: Tensor[]): boolean {
    this.#position = 0;
    this.#count = 0;
    return this.#compareAll(args, leaves);
  }

  #record(value: unknown, depth: number): void {
    const tokens = this.#tokens;
    if (depth > maxDepth) throw depthError();
    if (isTensor(value)) {
      tokens.push(value.layout, value.storage.dtype, gradientsOf(value));
    } else if (Array.isArray(value)) {
      tokens.push("array", value.length);
      for (const part of value) this.#record(part, depth + 1);
    } else if (isPlainObject(value)) {
      const keys = Object.keys(value);
      tokens.push("object", keys.length);
      for (const key of keys) {
        tokens.push(key);
        this.#record(value[key], depth + 1);
      }
    } else if (ArrayBuffer.isView(value)) throw hostDataError(value.constructor.name);
    else tokens.push("value", value);
  }

  #compareAll(values: readonly unknown[], leaves: Tensor[]): boolean {
    const tokens = this.#tokens;
    if (tokens[this.#position] !== "array" || tokens[this.#position + 1] !== values.length)
      return false;
    this.#position += 2;
    for (let i = 0; i < values.length; i++) if (!this.#compare(values[i], leaves)) return false;
    return true;
  }

  #compare(value: unknown, leaves: Tensor[]): boolean {
    const tokens = this.#tokens;
    const first = tokens[this.#position];
    if (isTensor(value)) {
      if (first !== value.layout) return false;
      if (tokens[this.#position + 1] !== value.storage.dtype) return false;
      if (tokens[this.#position + 2] !== gradientsOf(value)) return false;
      this.#position += 3;
      leaves[this.#count++] = value;
      return true;
    }
    if (Array.isArray(value)) return this.#compareAll(value, leaves);
    if (!isPlainObject(value)) {
      this.#position += 2;
      return first === "value" && Object.is(tokens[this.#position - 1], value);
    }
    const keys = Object.keys(value);
    if (first !== "object" || tokens[this.#position + 1] !== keys.length) return false;
    this.#position += 2;
    for (const key of keys) {
      if (tokens[this.#position++] !== key || !this.#compare(value[key], leaves)) return false;
    }
    return true;
  }
}

/** Where gradients of an argument go: nowhere, to itself, or on through what it was computed from. */
function gradientsOf(x: Tensor): "none" | "own" | "on" {
  if (!x.requiresGrad) return "none";
  return x.isLeaf ? "own" : "on";
}

function depthError(): ValueError {
  return new ValueError("compile", "arguments and results must not be nested too deeply", {
    expected: `at most ${maxDepth} levels of arrays and objects`,
    got: "more, or an object that contains itself",
    fix: "Pass the tensors themselves.",
  });
}
