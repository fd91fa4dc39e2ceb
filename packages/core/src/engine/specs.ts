// What a plan depends on in its operands, as a number to find the plan by and as what lowerings see.

import type { DType } from "@chainrule/kernel";
import { ValueError } from "../errors.js";
import type { Input, InputSpec, NumberClass } from "../op/primitive.js";

/** Pairs of spec codes, numbered, so that any number of operands has one number as its key. */
const pairs = new Map<number, number>();
let nextPair = 1;
const pairCapacity = 1 << 20;
const radix = 2 ** 26;

/**
 * The key of operands: one number for one operand, positive for two, negative for more, so that
 * joins of two and of three tensors never share a plan.
 */
export function specKey(inputs: readonly Input[]): number {
  const first = inputs[0];
  let key = first === undefined ? 0 : specCode(first);
  for (let i = 1; i < inputs.length; i++) {
    const input = inputs[i] as Input;
    if (i > 1) key = -pairId(key);
    key = key * radix + specCode(input);
  }
  return key;
}

/** A number for all that a plan depends on in one operand: layout and dtype, or class of a number. */
function specCode(input: Input): number {
  if (typeof input === "number") return numberCode(input);
  return input.layout.id * 8 + input.storage.dtypeCode;
}

function pairId(key: number): number {
  let id = pairs.get(key);
  if (id === undefined) {
    // Ids are never reused, so forgetting old pairs can only cost a second plan.
    if (pairs.size > pairCapacity) pairs.clear();
    id = nextPair++;
    pairs.set(key, id);
  }
  return id;
}

const numberClasses: readonly NumberClass[] = ["uint8", "int32", "huge", "fraction"];

function numberCode(value: number): number {
  if (!Number.isInteger(value)) return 3;
  if ((value | 0) !== value) return 2;
  return value >= 0 && value <= 255 ? 0 : 1;
}

/** What a lowering may know of `input`. */
export function specOf(input: Input): InputSpec {
  if (typeof input === "number") {
    return { kind: "number", holds: numberClasses[numberCode(input)] ?? "fraction" };
  }
  return { kind: "tensor", layout: input.layout, shape: input.layout.shape, dtype: input.dtype };
}

/** Throws: {@link ValueError} for a whole number that no integer dtype holds. */
export function ensureInt32(op: string, holds: NumberClass, dtype: DType): void {
  if (holds !== "huge") return;
  throw new ValueError(op, "a number combined with an integer tensor must fit int32", {
    expected: "a whole number from -2147483648 to 2147483647",
    got: `a larger one, with a ${dtype} tensor`,
    fix: 'Convert the tensor with astype("float32") first.',
  });
}
