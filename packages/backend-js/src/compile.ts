// How a kernel becomes a function: matrix products by hand-written blocks, everything else generated,
// or interpreted where code must not be generated.

import {
  type CompiledKernel,
  generateJavaScript,
  interpretKernel,
  type Kernel,
  type Operand,
} from "@chainrule/kernel";
import type { Buffer } from "./backend.js";
import { productOf } from "./matmul.js";

/** Whether the environment lets functions be made of text. */
export function canGenerate(): boolean {
  try {
    return new Function("return true")() === true;
  } catch {
    return false;
  }
}

/** A kernel ready to run. */
export function compileKernel(kernel: Kernel, generates: boolean): CompiledKernel {
  const loops = generates ? generated(kernel) : interpreted(kernel);
  const product = productOf(kernel);
  if (product === undefined) return loops;
  return {
    run: (inputs, scalars, outputs) => {
      if (!product(inputs, outputs)) loops.run(inputs, scalars, outputs);
    },
  };
}

function generated(kernel: Kernel): CompiledKernel {
  // The text consists of names, operators and numbers of our own: no input reaches it.
  const run: CompiledKernel["run"] = new Function(`return ${generateJavaScript(kernel)}`)();
  return { run };
}

function interpreted(kernel: Kernel): CompiledKernel {
  const host = ({ buffer, layout, offset }: Operand) => ({
    data: (buffer as Buffer).data,
    layout,
    offset,
  });
  return {
    run: (inputs, scalars, outputs) =>
      interpretKernel(kernel, inputs.map(host), scalars, outputs.map(host)),
  };
}
