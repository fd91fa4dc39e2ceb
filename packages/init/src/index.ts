// Weight initializers: each returns a new tensor.

// One number. Zeros and ones are those of core, which fit where an initializer is wanted.

export { ones, zeros } from "@chainrule/core";
export { allEqual } from "./all-equal.js";
export { constant } from "./constant.js";

// Distributions

export { type NormalOptions, normal } from "./normal.js";
export { type TruncatedNormalOptions, truncatedNormal } from "./truncated-normal.js";
export { type UniformOptions, uniform } from "./uniform.js";

// Scaled to the connections

export { calculateFanInFanOut, type Fans, gain, type Nonlinearity } from "./fans.js";
export { type KaimingOptions, kaimingNormal, kaimingUniform } from "./kaiming.js";
export { lecunNormal, lecunUniform } from "./lecun.js";
export { type XavierOptions, xavierNormal, xavierUniform } from "./xavier.js";

// Rotations

export { type OrthogonalOptions, orthogonal } from "./orthogonal.js";

// What they all take

export type { Initializer, InitOptions } from "./options.js";
