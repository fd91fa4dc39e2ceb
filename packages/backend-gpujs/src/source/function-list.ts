// Which functions a kernel needs, with those that they call.

import { arithmetic } from "./functions/arithmetic.js";
import { bits } from "./functions/bits.js";
import { choice } from "./functions/choice.js";
import type { FunctionTexts } from "./functions/function-texts.js";
import { gpuExponential } from "./functions/gpu-exponential.js";
import { gpuTrigonometric } from "./functions/gpu-trigonometric.js";
import { hostMath } from "./functions/host-math.js";
import { rounding } from "./functions/rounding.js";

/** Who computes elementary functions: the host's mathematics, or ours in float32 arithmetic. */
export type MathSource = "host" | "gpu";

const shared = { ...arithmetic, ...bits, ...choice, ...rounding };
const texts: Readonly<Record<MathSource, FunctionTexts>> = {
  host: { ...shared, ...hostMath },
  gpu: { ...shared, ...gpuExponential, ...gpuTrigonometric },
};

/** A function as gpu.js takes it. */
export interface KernelFunction {
  readonly name: string;
  readonly source: string;
  readonly argumentTypes: readonly string[];
  readonly returnType: "Float";
}

/** The functions that `source` calls, directly or not. */
export function functionsOf(source: string, math: MathSource): readonly KernelFunction[] {
  const found = new Map<string, KernelFunction>();
  const visit = (text: string): void => {
    for (const [, name = ""] of text.matchAll(/(?<![.\w])(\w+)\(/g)) {
      const own = texts[math][name];
      if (own === undefined || found.has(name)) continue;
      found.set(name, describe(name, own));
      visit(own);
    }
  };
  visit(source);
  return [...found.values()];
}

function describe(name: string, source: string): KernelFunction {
  const parameters = source.slice(source.indexOf("(") + 1, source.indexOf(")")).match(/\w+/g) ?? [];
  return { name, source, argumentTypes: parameters.map(() => "Float"), returnType: "Float" };
}

/** Declarations in GLSL: gpu.js does not sort functions so that each comes before its callers. */
export function prototypesOf(functions: readonly KernelFunction[]): string {
  return functions
    .map(
      ({ name, argumentTypes }) => `float ${name}(${argumentTypes.map(() => "float").join(", ")});`,
    )
    .join("\n");
}
