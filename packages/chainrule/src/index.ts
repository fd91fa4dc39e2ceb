// Everything in one import, with a default backend: js() on first use, unless setBackend was called.

import { js } from "@chainrule/backend-js";
import { setDefaultBackend } from "@chainrule/core";

setDefaultBackend(() => js());

export { js } from "@chainrule/backend-js";
export * from "@chainrule/core";
export * from "@chainrule/core/compile";
export * from "@chainrule/core/interpreter";
export * from "@chainrule/core/linalg";
export * from "@chainrule/data";
export * from "@chainrule/init";
export * from "@chainrule/nn";
export * from "@chainrule/optim";
export { auto, type BackendFactory } from "./auto.js";
