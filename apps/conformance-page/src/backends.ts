// The backends the page offers. A line here is all that a new one needs, and its package in package.json.

import type { MakeBackend } from "@chainrule/conformance";

/** Factories by the name that is shown; each is loaded when it is chosen. */
export const backends: Readonly<Record<string, MakeBackend>> = {
  js: async () => (await import("@chainrule/backend-js")).js(),
  interpreter: async () => (await import("@chainrule/core/interpreter")).interpreter(),
  "tfjs (cpu)": async () => (await import("@chainrule/backend-tfjs")).tfjs({ backend: "cpu" }),
  gpujs: async () => (await import("@chainrule/backend-gpujs")).gpujs(),
};
