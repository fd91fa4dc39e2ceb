import { type Tensor, ValueError } from "@chainrule/core";
import { fill, type InitOptions } from "./options.js";

/**
 * Fills a new tensor with one number.
 *
 * For biases: a small positive constant such as 0.1 keeps ReLU units alive at the start. Not for the
 * weights of hidden layers: equal units get equal gradients and stay equal however long they train.
 *
 * Throws: {@link ValueError} when `value` is not a number.
 *
 * @example
 * constant([3], 0.5).arraySync() // => [0.5, 0.5, 0.5]
 */
export function constant(
  shape: readonly number[],
  value: number,
  options: InitOptions = {},
): Tensor {
  if (typeof value !== "number") {
    throw new ValueError("constant", "the value must be a number", {
      expected: "a number",
      got: typeof value,
      fix: "Call constant(shape, value, options).",
    });
  }
  return fill("constant", shape, options, (size) => new Float64Array(size).fill(value));
}
