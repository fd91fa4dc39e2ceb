// How a kernel becomes a function: generated, or interpreted where code must not be generated.

import { showSource } from "@chainrule/core";
import {
  type CompiledKernel,
  generateJavaScript,
  type HostOperand,
  interpretKernel,
  type Kernel,
  type Operand,
} from "@chainrule/kernel";
import type { JsBuffer } from "./buffer.js";

/** The function behind a compiled kernel. */
export type Run = CompiledKernel["run"];

/** Turns kernels into functions. */
export interface Compiler {
  /** Whether the functions are generated. */
  readonly generates: boolean;
  /** "on", or why no code is generated. */
  readonly feature: string;
  compile(kernel: Kernel): Run;
}

/** A compiler for an environment; with "strict" it never tries to make functions of text. */
export function createCompiler(csp: "auto" | "strict"): Compiler {
  if (csp === "strict") return interpreting('as csp: "strict" asks');
  const refusal = whyForbidden();
  if (refusal !== undefined) return interpreting(`as the environment forbids it (${refusal})`);
  return { generates: true, feature: "on", compile: generated };
}

function interpreting(why: string): Compiler {
  return {
    generates: false,
    feature: `off: kernels are interpreted, ${why}`,
    compile: interpreted,
  };
}

/** What the environment says when functions are made of text; undefined when it lets them be. */
function whyForbidden(): string | undefined {
  try {
    evaluated("() => {}");
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The generated function itself: a wrapper would cost as much as a small kernel. */
function generated(kernel: Kernel): Run {
  const source = generateJavaScript(kernel);
  showSource(kernel.name, () => source);
  return evaluated(source);
}

/** The text consists of names, operators and numbers of our own: no input reaches it. */
export function evaluated(source: string): Run {
  return new Function(`"use strict"; return ${source};`)();
}

function interpreted(kernel: Kernel): Run {
  return (inputs, scalars, outputs) =>
    interpretKernel(kernel, inputs.map(onHost), scalars, outputs.map(onHost));
}

function onHost({ buffer, layout, offset }: Operand): HostOperand {
  return { data: (buffer as JsBuffer).data, layout, offset };
}
