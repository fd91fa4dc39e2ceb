// The texts that the engine and backends write at each level. Callers compare `watched` or the level
// first, which costs less than a call.

import { type Kernel, printKernel } from "@chainrule/kernel";
import { formatShape } from "../errors.js";
import type { Attrs, Input, Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import { debugLevel, observer, writeDebug } from "./level.js";

/** `op` gave `output`: tells the observer; level 1 writes it, level 2 with the time since `start`. */
export function showOperation(
  op: Primitive<never>,
  inputs: readonly Input[],
  attrs: Attrs,
  output: Tensor,
  start: number,
): void {
  if (debugLevel > 0) writeOperation(op.name, inputs, output, start);
  observer?.operation(op as unknown as Primitive, inputs, attrs, output);
}

function writeOperation(
  name: string,
  inputs: readonly Input[],
  output: Tensor,
  start: number,
): void {
  const time = debugLevel < 2 ? "" : ` ${(performance.now() - start).toFixed(3).padStart(8)} ms`;
  const operands = inputs.map((input) => (typeof input === "number" ? `${input}` : typed(input)));
  const [x] = inputs;
  const isView = typeof x === "object" && x.storage === output.storage;
  writeDebug(
    `${output.backend.name}${time}  ${name}(${operands.join(", ")}) -> ${isView ? "view " : ""}${typed(output)}`,
  );
}

/** Level 3: `kernel` is part of a new plan. */
export function showKernel(kernel: Kernel): void {
  writeDebug(indented(printKernel(kernel)));
}

/** Level 3: the backend runs operation `name` without kernels. */
export function showOwn(name: string, backend: string): void {
  writeDebug(indented(`${name} is the backend's own on ${backend}`));
}

/**
 * For backends: shows the code generated for the kernel `name`, at level 4; `source` is called then
 * only.
 *
 * @example
 * setDebug(4, (text) => text);
 * showSource("add", () => "(a, b) => a + b");
 * setDebug(0);
 */
export function showSource(name: string, source: () => string): void {
  if (debugLevel > 3) writeDebug(indented(`${name} as code:\n${source()}`));
}

function typed({ dtype, shape }: Tensor): string {
  return `${dtype}${formatShape(shape)}`;
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}
