// Weight initializers: each returns a new tensor.

// Plain
export { constant } from "./constant.js";
// How a weight is connected
export { calculateFanInFanOut, type Fans, gain, type Nonlinearity } from "./fans.js";
// Scaled to the connections
export { type KaimingOptions, kaimingNormal, kaimingUniform } from "./kaiming.js";
export { type NormalOptions, normal } from "./normal.js";
// What they all take
export type { Initializer, InitOptions } from "./options.js";
export { type UniformOptions, uniform } from "./uniform.js";
export { type XavierOptions, xavierNormal, xavierUniform } from "./xavier.js";
