// Products beyond matmul and norms, an entry of their own: who does not use them does not bundle their parser.

export { cross } from "./ops/linalg/cross.js";
export { einsum } from "./ops/linalg/einsum.js";
export { matrixPower } from "./ops/linalg/matrix-power.js";
export { outer } from "./ops/linalg/outer.js";
export { tensordot } from "./ops/linalg/tensordot.js";
export { vecdot } from "./ops/linalg/vecdot.js";
export { matrixNorm } from "./ops/reduce/matrix-norm.js";
export { vectorNorm } from "./ops/reduce/vector-norm.js";
