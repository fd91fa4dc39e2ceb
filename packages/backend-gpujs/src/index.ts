// The gpu.js backend.

export { type GpujsOptions, gpujs } from "./backend.js";
