// Functions that kernels call, written in the subset of JavaScript that gpu.js translates.

/** The text of each function by its name; arguments and results are floats. */
export type FunctionTexts = Readonly<Record<string, string>>;
