import { dtypeCode } from "./dtype.js";
import { ExprTable } from "./intern.js";
import type { Kernel } from "./kernel.js";

/**
 * A text that is equal for kernels that would become the same code: expressions, axes, dtypes,
 * stride classes, aliases and the contraction; not the name, nor any size.
 *
 * @example
 * kernelKey({ ...kernel, name: "another" }) === kernelKey(kernel) // => true
 */
export function kernelKey(kernel: Kernel): string {
  const table = new ExprTable();
  const stages = kernel.stages.map(
    (stage) =>
      `${stage.reduce}${dtypeCode(stage.dtype)}[${stage.axes}]${table.number(stage.value)}`,
  );
  const outputs = kernel.outputs.map(
    (output) =>
      `${dtypeCode(output.dtype)}[${output.strides}]${output.aliases ?? ""}=${table.number(output.value)}`,
  );
  const axes = kernel.axes.map((extent) =>
    typeof extent === "number" ? `${extent}` : `${extent.operand}.${extent.dim}`,
  );
  const note = kernel.contraction;
  return [
    kernel.outer,
    axes,
    kernel.inputs.map((input) => `${dtypeCode(input.dtype)}[${input.strides}]`),
    kernel.scalars.map(dtypeCode),
    stages,
    outputs,
    note === undefined
      ? ""
      : [note.stage, note.a, note.b, `${note.batch}/${note.m}/${note.n}/${note.k}`],
    table.lines.join(";"),
  ].join("|");
}
