// Which mode of gpu.js computes, and why: the first that is there and shows by trying that it works.

import { BackendError } from "@chainrule/core";
import { Engine, type GpuLibrary, type Mode } from "./engine.js";
import { type Measured, measure } from "./probe.js";

/** The modes in the order of preference: GPUs first, then WebAssembly, then plain JavaScript. */
export const modes: readonly Mode[] = ["webgl2", "webgl", "webasm", "cpu"];

/** An engine in a mode that works, what it can do, and why each mode was taken or not. */
export interface Chosen {
  readonly engine: Engine;
  readonly measured: Measured;
  readonly reasons: Readonly<Record<string, string>>;
}

/**
 * Starts gpu.js in `wanted`, or in the best mode there is.
 *
 * Throws: {@link BackendError} when none works, with the reason of each.
 */
export async function choose(library: GpuLibrary, wanted: Mode | "auto"): Promise<Chosen> {
  const reasons: Record<string, string> = {};
  for (const mode of wanted === "auto" ? modes : [wanted]) {
    const missing = unavailable(library, mode);
    if (missing !== undefined) {
      reasons[mode] = `off: ${missing}`;
      continue;
    }
    const engine = new Engine(library, mode);
    try {
      const measured = measure(engine);
      reasons[mode] = wanted === "auto" ? "on: the first that works" : "on: asked for";
      return { engine, measured, reasons };
    } catch (error) {
      reasons[mode] = `off: ${error instanceof Error ? error.message : String(error)}`;
      await engine.close();
    }
  }
  throw new BackendError("gpujs", "a mode of gpu.js must work", {
    expected: wanted === "auto" ? `one of ${modes.join(", ")}` : wanted,
    got: Object.entries(reasons)
      .map(([mode, reason]) => `${mode} ${reason}`)
      .join("; "),
    fix: wanted === "auto" ? "Use another backend." : 'Leave the mode out, or try mode: "cpu".',
  });
}

/** What keeps `mode` from being tried. */
function unavailable(library: GpuLibrary, mode: Mode): string | undefined {
  if (mode === "webgl2" && !library.isWebGL2Supported) return "there is no WebGL2 here";
  if (mode === "webgl" && !library.isWebGLSupported) return "there is no WebGL here";
  if (mode === "webasm" && !library.isWebAssemblySupported) return "there is no WebAssembly here";
  return undefined;
}
