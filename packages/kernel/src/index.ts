// The public names of @chainrule/kernel, grouped; README.md says how they belong together.

// 1. Element types and layouts

export {
  bytesPerElement,
  convertNumber,
  type DType,
  type DTypeKind,
  dtypeCode,
  dtypes,
  isDType,
  isFloat,
  kindOf,
  newArray,
  type TypedArray,
  type TypedArrayOf,
} from "./dtype.js";
export { type Layout, layout, rowMajorStrides, sizeOf } from "./layout.js";

// 2. Scalar expressions

export {
  type Call,
  type Cast,
  type Const,
  type Coord,
  call,
  cast,
  constant,
  coord,
  type Expr,
  guardedLoad,
  type Load,
  load,
  operandsOf,
  rewriteExpr,
  type Scalar,
  type StageValue,
  scalar,
  stageValue,
  walk,
} from "./expr.js";
export {
  type Intrinsic,
  type IntrinsicInfo,
  intrinsicInfo,
  intrinsics,
  type ResultRule,
} from "./intrinsics.js";

// 3. Kernels, their operands, and how one is run

export { KernelError } from "./errors.js";
export {
  type BufferHandle,
  type CompiledKernel,
  type ContractionNote,
  type Extent,
  extentsOf,
  type Kernel,
  type Operand,
  type OperandSpec,
  type Output,
  operandAt,
  operandSpec,
  type Reducer,
  type Stage,
  type StrideClass,
  strideClass,
} from "./kernel.js";

// 4. What a kernel means

export { evaluateCall, evaluateCast } from "./evaluate.js";
export { type HostOperand, interpretKernel } from "./interpret.js";

// 5. Checks, rewrites, text

export { coalesce } from "./coalesce.js";
export { recognizeContraction, verifyContraction } from "./contraction.js";
export { stageDependence } from "./dependence.js";
export { kernelKey } from "./key.js";
export { printKernel } from "./print.js";
export type { Coalesced } from "./regroup.js";
export { simplifyExpr, simplifyKernel } from "./simplify.js";
export { checkKernel } from "./spec.js";
export { type Source, type SplitStep, splitKernel, type Target } from "./split.js";

// 6. Code: JavaScript, and what generators for other languages build on

export type { Address, Steps } from "./generate/address.js";
export { generateJavaScript } from "./generate/javascript.js";
export type {
  CallPrinter,
  CallPrinters,
  Code,
  Language,
  LoopPass,
  NestNames,
  Pointer,
} from "./generate/language.js";
export {
  type Access,
  type Level,
  type LoopNest,
  planLoopNest,
  type StageStep,
  type Step,
} from "./generate/loop-nest.js";
export { printNest } from "./generate/print-nest.js";

// 7. Programs: many kernels and the buffers between them

export {
  generateProgram,
  type Placement,
  type ProgramSource,
} from "./generate/javascript-program.js";
export { type Cost, costOf } from "./program/cost.js";
export { interpretProgram } from "./program/interpret-program.js";
export { optimizeProgram } from "./program/optimize.js";
export { type MemoryPlan, planMemory, type Slot } from "./program/plan-memory.js";
export {
  type BufferRole,
  boundBuffers,
  type CompiledProgram,
  type KernelCall,
  type Origin,
  type OwnCall,
  type Phase,
  type Program,
  type ProgramBuffer,
  type ProgramCall,
  type Result,
  type View,
} from "./program/program.js";
