// A training step as one program, as the entry "@chainrule/core/compile".

export { type Compiled, type CompileOptions, compile } from "./compile/compile.js";
export { CompileError } from "./compile/errors.js";
