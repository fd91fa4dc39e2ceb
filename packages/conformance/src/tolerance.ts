// How far a result may be from the expected one, and why.

import type { DType } from "@chainrule/kernel";

/** An allowed distance in units in the last place. */
export interface Tolerance {
  readonly ulp: number;
  /** Expected values smaller than this count as this large: errors that cancel stay absolute. */
  readonly floor: number;
  readonly reason: string;
}

type FloatDType = "float32" | "float64";

interface Family {
  readonly ops: readonly string[];
  readonly ulp: Readonly<Record<FloatDType, number>>;
  readonly floor?: number;
  readonly reason: string;
}

const exact: Family = {
  ops: [],
  ulp: { float32: 0, float64: 0 },
  reason: "elements are moved, compared or rounded correctly: one result is right",
};

const composed: Family = {
  ops: [],
  ulp: { float32: 8, float64: 8 },
  floor: 2 ** -10,
  reason: "a few rounded steps, each of which adds up to 2 units",
};

const families: readonly Family[] = [
  {
    ops: [
      "add",
      "sub",
      "mul",
      "square",
      "neg",
      "abs",
      "sqrt",
      "div",
      "reciprocal",
      "outer",
      "leakyRelu",
    ],
    ulp: { float32: 1, float64: 0 },
    reason: "IEEE 754 rounds correctly; GPUs may be 1 off in float32 division and square root",
  },
  {
    ops: ["exp", "expm1", "log", "log1p", "log2", "log10", "atan", "asin", "acos", "atan2"],
    ulp: { float32: 4, float64: 4 },
    reason: "C libraries and engines promise 1 to 4 units for these and differ from each other",
  },
  {
    ops: ["sinh", "cosh", "tanh", "asinh", "acosh", "atanh"],
    ulp: { float32: 4, float64: 4 },
    reason: "built from expm1 and log1p, one rounding more",
  },
  {
    ops: ["sin", "cos", "tan"],
    ulp: { float32: 4, float64: 4 },
    floor: 2 ** -4,
    reason: "reducing the argument loses digits where the result crosses 0",
  },
  {
    ops: ["pow"],
    ulp: { float32: 8, float64: 8 },
    reason: "an exponential of a product: relative errors grow with the exponent",
  },
  {
    ops: ["remainder", "floorDivide"],
    ulp: { float32: 1, float64: 1 },
    floor: 1,
    reason: "a - floor(a / b) b and an exact remainder differ in the last place of b",
  },
  {
    ops: ["sigmoid", "softplus", "elu", "hypot", "logaddexp"],
    ulp: { float32: 8, float64: 8 },
    reason: "an exponential or a root, and up to three rounded steps",
  },
  {
    ops: ["softmax", "logSoftmax", "logSumExp"],
    ulp: { float32: 32, float64: 32 },
    floor: 2 ** -4,
    reason: "a sum of exponentials in an order of the backend's choice",
  },
  {
    ops: [
      "sum",
      "trace",
      "mean",
      "scatterAdd",
      "avgPool",
      "fold",
      "variance",
      "std",
      "vectorNorm",
      "matrixNorm",
      "cumulativeSum",
    ],
    ulp: { float32: 16, float64: 16 },
    floor: 4,
    reason: "sums in an order of the backend's choice: n/2 units of the sum of absolute values",
  },
  {
    ops: ["prod", "cumulativeProd"],
    ulp: { float32: 16, float64: 16 },
    reason: "one rounding per factor",
  },
  {
    ops: [
      "matmul",
      "conv",
      "convTranspose",
      "einsum",
      "tensordot",
      "vecdot",
      "cross",
      "matrixPower",
    ],
    ulp: { float32: 32, float64: 32 },
    floor: 4,
    reason: "sums of products in an order of the backend's choice, fused or not",
  },
  {
    ops: ["gradient"],
    ulp: { float32: 64, float64: 128 },
    floor: 4,
    reason: "a chain of operations with cancellation, against another framework's chain",
  },
  {
    ops: ["layer", "loss"],
    ulp: { float32: 32, float64: 32 },
    floor: 1,
    reason: "a few operations one after the other, sums of products among them",
  },
  {
    ops: ["layerGradient"],
    ulp: { float32: 64, float64: 64 },
    floor: 1,
    reason: "the same there and back, against another framework's derivatives",
  },
  {
    ops: ["optimizer"],
    ulp: { float32: 4, float64: 64 },
    floor: 2,
    reason: "ten updates, each of which rounds a number of about 2 once",
  },
  {
    ops: ["clipGrad"],
    ulp: { float32: 32, float64: 32 },
    reason: "a norm of at most 15 elements, through powers, and a product",
  },
  {
    ops: ["schedule"],
    ulp: { float32: 1, float64: 64 },
    reason: "float64 on the host, with the cosines of another engine, rounded once",
  },
];

const exactOps: ReadonlySet<string> = new Set(
  (
    "sign copysign positive nextafter floor ceil round trunc relu hardTanh step maximum minimum max min " +
    "cumulativeMax cumulativeMin clip where copy contiguous astype " +
    "equal notEqual less lessEqual greater greaterEqual logicalAnd logicalOr logicalXor logicalNot " +
    "isNaN isInf isFinite all any argmax argmin gather take oneHot concat stack pad at broadcastTo " +
    "expandDims flatten flip maxPool unfold windows permuteDims reshape squeeze transpose assign " +
    "moveaxis roll repeat tile unstack split broadcastArrays meshgrid diagonal tril triu takeAlongAxis " +
    "putAlongAxis maskedSelect maskedFill nonzero sort argsort topk searchsorted"
  ).split(" "),
);

const byOp: ReadonlyMap<string, Family> = new Map(
  families.flatMap((family) => family.ops.map((op) => [op, family] as const)),
);

/** Results around the smallest normal float32 may be flushed to 0, as GPUs do. */
const subnormalFloor = 2 ** -104;

/**
 * The tolerance for results of `op` in `dtype`. Operations without a line of their own get that of a
 * short composite; ints and bool are exact.
 */
export function toleranceFor(op: string, dtype: DType): Tolerance {
  const family = exactOps.has(op) ? exact : (byOp.get(op) ?? composed);
  const isFloat = dtype === "float32" || dtype === "float64";
  return {
    ulp: isFloat ? family.ulp[dtype] : 0,
    floor: family.floor ?? subnormalFloor,
    reason: family.reason,
  };
}
