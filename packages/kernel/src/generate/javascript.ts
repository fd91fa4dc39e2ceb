// Kernels as JavaScript: the source of one function over typed arrays. Sizes, strides, offsets and
// scalars are read when it runs; nothing is allocated.

import { KernelError } from "../errors.js";
import { type Kernel, operandAt } from "../kernel.js";
import { immediate } from "./address.js";
import { literal } from "./javascript-calls.js";
import { declarationsFor, javaScript, towardsBranchless } from "./javascript-language.js";
import { atom, type Code } from "./language.js";
import { type LoopNest, planLoopNest } from "./loop-nest.js";
import { operandName, printNest } from "./print-nest.js";

/**
 * The source of an expression whose value is the `run` of a compiled kernel: a function
 * `(inputs, scalars, outputs)` of operands whose `buffer.data` is a typed array.
 *
 * @example
 * const run = new Function(`return ${generateJavaScript(kernel)}`)();
 */
export function generateJavaScript(kernel: Kernel): string {
  for (const { dtype } of [...kernel.inputs, ...kernel.outputs])
    if (dtype === "float16")
      throw new KernelError(kernel.name, ["dtypes: expected one JavaScript stores, got float16"]);
  const nest = planLoopNest(kernel, towardsBranchless);
  const choices = new Map<string, number>();
  const body = printBody(nest, choices);
  const name = `kernel_${kernel.name.replace(/\W+/g, "_")}`;
  const lines = [...prologue(kernel, body.join("\n")), ...body];
  const text = lines.map((line) => `  ${line}`).join("\n");
  const main = `function ${name}(inputs, scalars, outputs) {\n${text}\n}`;
  const outside = declarationsFor(text, choices);
  return outside.length === 0 ? main : `(() => {\n${outside.join("\n")}\nreturn ${main};\n})()`;
}

/**
 * The loops. A single loop over elements side by side comes twice: most arrays start at element 0,
 * and an index without an offset is as fast as a loop written by hand, 1.15 times the other one on
 * Node 20 and 1.35 times on Node 24.
 */
function printBody(nest: LoopNest, choices: Map<string, number>): string[] {
  const { kernel } = nest;
  const name = (operand: number): string => operandName(operand, kernel.inputs.length);
  const print = (atZero: readonly number[]): string[] =>
    printNest(nest, javaScript(choices), {
      array: name,
      offset: (operand) => (atZero.includes(operand) ? literal(0) : atom(`${name(operand)}_at`)),
      stride: (operand, dim) => atom(`${name(operand)}_s${dim}`),
      extent: (axis) => extentCode(kernel, axis),
      scalar: (index) => atom(`s${index}`),
    });
  const general = print([]);
  const flat = [...nest.loads.values(), ...nest.stores].filter(
    ({ address }) => immediate(address.axes.get(0)) === 1,
  );
  const single = kernel.outer === 1 && kernel.stages.length === 0;
  if (!single || flat.length === 0 || general.length > 20) return general;
  const operands = [...new Set(flat.map(({ operand }) => operand))].sort((a, b) => a - b);
  const offsets = operands.map((operand) => `${name(operand)}_at`).join(" | ");
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `  ${line}`);
  return [
    `if ((${offsets}) === 0) {`,
    ...indented(print(operands)),
    "} else {",
    ...indented(general),
    "}",
  ];
}

/** Reads what the body uses of the operands. */
function prologue(kernel: Kernel, body: string): string[] {
  const uses = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(body);
  const lines: string[] = [];
  const operands = kernel.inputs.length + kernel.outputs.length;
  const source = (operand: number): string =>
    operand < kernel.inputs.length
      ? `inputs[${operand}]`
      : `outputs[${operand - kernel.inputs.length}]`;
  for (let operand = 0; operand < operands; operand++) {
    const name = operandName(operand, kernel.inputs.length);
    if (!uses(name)) continue;
    lines.push(`const ${name} = ${source(operand)}.buffer.data;`);
    if (uses(`${name}_at`)) lines.push(`const ${name}_at = ${source(operand)}.offset;`);
    for (const [dim] of operandAt(kernel, operand).strides.entries())
      if (uses(`${name}_s${dim}`))
        lines.push(`const ${name}_s${dim} = ${source(operand)}.layout.strides[${dim}];`);
  }
  for (const [axis, extent] of kernel.axes.entries())
    if (typeof extent === "object" && uses(`n${axis}`))
      lines.push(`const n${axis} = ${source(extent.operand)}.layout.shape[${extent.dim}];`);
  for (const [index] of kernel.scalars.entries())
    if (uses(`s${index}`)) lines.push(`const s${index} = scalars[${index}];`);
  return lines;
}

function extentCode(kernel: Kernel, axis: number): Code {
  const extent = kernel.axes[axis];
  return typeof extent === "number" ? literal(extent) : atom(`n${axis}`);
}
