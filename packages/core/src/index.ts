// The public surface of core, by topic.

// dtypes and arrays
export type { DType, TypedArray, TypedArrayOf } from "@chainrule/kernel";
// gradients
export type { BackwardOptions } from "./autograd/backward-from.js";
export { type CustomOp, customGrad } from "./autograd/custom-grad.js";
export { type GradientsOf, type GradOptions, grad, valueAndGrad } from "./autograd/grad.js";
export { type GradCheckOptions, gradCheck } from "./autograd/grad-check.js";
export { enableGrad, isGradEnabled, noGrad } from "./autograd/grad-mode.js";
// backends
export {
  type Backend,
  type BackendInfo,
  type Capabilities,
  contractVersion,
  type LostInfo,
  type OpOverride,
  type OpTable,
  type Routines,
  type ScanReducer,
} from "./backend/backend.js";
export { getBackend, setBackend, setDefaultBackend, withBackend } from "./backend/current.js";
// what happens, written out
export { type DebugWriter, setDebug } from "./debug/level.js";
export { showSource } from "./debug/show.js";
// dtype rules
export type { FloatOf, Promote, PromoteNumber } from "./dtype/promote.js";
// checks for libraries that build on core
export { ensureTensor } from "./engine/apply.js";
// errors
export {
  AxisError,
  BackendError,
  ChainruleError,
  DataError,
  DisposedError,
  DTypeError,
  type ErrorDetail,
  formatShape,
  formatValue,
  GradientError,
  IndexError,
  InternalError,
  ShapeError,
  ValueError,
} from "./errors.js";
// memory
export { type MemoryReport, memory, trackMemory } from "./memory/memory.js";
// defining operations
export { type DTypeRule, defineElementwise, type ElementwiseDefinition } from "./op/elementwise.js";
export type {
  Attrs,
  BatchRule,
  Input,
  NonDifferentiable,
  Primitive,
  PrimitiveDefinition,
  Saved,
  Vjp,
} from "./op/primitive.js";
export type { ReduceOptions } from "./op/reduction.js";
export {
  type BinaryBoolOp,
  type BinaryDefinition,
  type BinaryFloatOp,
  type BinaryOp,
  binary,
  type Combined,
  type UnaryBoolOp,
  type UnaryDefinition,
  type UnaryFloatOp,
  type UnaryOp,
  unary,
  type With,
} from "./op/unary-binary.js";
// operations: one per file of ops/, listed by `pnpm generate`
export * from "./ops/index.js";
// random numbers
export {
  defaultGenerator,
  Generator,
  type GeneratorState,
  manualSeed,
} from "./random/generator.js";
export { standardNormal } from "./random/normal.js";
export { bernoulli, type RandomOptions, rand, randint, randn, randperm } from "./random/random.js";
export type { Axis } from "./shape/axis.js";
export {
  arange,
  eye,
  full,
  fullLike,
  linspace,
  ones,
  onesLike,
  zeros,
  zerosLike,
} from "./tensor/create.js";
export type { CreateOptions } from "./tensor/create-options.js";
export {
  type DTypeOf,
  type NestedInput,
  type TensorLike,
  type TensorOptions,
  tensor,
} from "./tensor/from-data.js";
export { accompany, moveTensors } from "./tensor/move.js";
export type { NestedArray } from "./tensor/read.js";
// tensors
export { type ItemOf, Tensor } from "./tensor/tensor.js";
