// The TensorFlow.js backend.

export { type TfjsOptions, tfjs } from "./backend.js";
