// Written by `pnpm generate` from the files beside it; do not edit.

import type { OpCases } from "../define-cases.js";
import convAvgPool from "./conv/avg-pool.js";
import convConv from "./conv/conv.js";
import convConvTranspose from "./conv/conv-transpose.js";
import convFold from "./conv/fold.js";
import convMaxPool from "./conv/max-pool.js";
import convUnfold from "./conv/unfold.js";
import convWindows from "./conv/windows.js";
import elementwiseAbs from "./elementwise/abs.js";
import elementwiseAcos from "./elementwise/acos.js";
import elementwiseAcosh from "./elementwise/acosh.js";
import elementwiseAdd from "./elementwise/add.js";
import elementwiseAsin from "./elementwise/asin.js";
import elementwiseAsinh from "./elementwise/asinh.js";
import elementwiseAstype from "./elementwise/astype.js";
import elementwiseAtan from "./elementwise/atan.js";
import elementwiseAtan2 from "./elementwise/atan2.js";
import elementwiseAtanh from "./elementwise/atanh.js";
import elementwiseBitwiseAnd from "./elementwise/bitwise-and.js";
import elementwiseBitwiseInvert from "./elementwise/bitwise-invert.js";
import elementwiseBitwiseLeftShift from "./elementwise/bitwise-left-shift.js";
import elementwiseBitwiseOr from "./elementwise/bitwise-or.js";
import elementwiseBitwiseRightShift from "./elementwise/bitwise-right-shift.js";
import elementwiseBitwiseXor from "./elementwise/bitwise-xor.js";
import elementwiseCeil from "./elementwise/ceil.js";
import elementwiseClip from "./elementwise/clip.js";
import elementwiseContiguous from "./elementwise/contiguous.js";
import elementwiseCopy from "./elementwise/copy.js";
import elementwiseCopysign from "./elementwise/copysign.js";
import elementwiseCos from "./elementwise/cos.js";
import elementwiseCosh from "./elementwise/cosh.js";
import elementwiseDiv from "./elementwise/div.js";
import elementwiseElu from "./elementwise/elu.js";
import elementwiseEqual from "./elementwise/equal.js";
import elementwiseExp from "./elementwise/exp.js";
import elementwiseExpm1 from "./elementwise/expm1.js";
import elementwiseFloor from "./elementwise/floor.js";
import elementwiseFloorDivide from "./elementwise/floor-divide.js";
import elementwiseGreater from "./elementwise/greater.js";
import elementwiseGreaterEqual from "./elementwise/greater-equal.js";
import elementwiseHardTanh from "./elementwise/hard-tanh.js";
import elementwiseHypot from "./elementwise/hypot.js";
import elementwiseIsFinite from "./elementwise/is-finite.js";
import elementwiseIsInf from "./elementwise/is-inf.js";
import elementwiseIsNaN from "./elementwise/is-na-n.js";
import elementwiseLeakyRelu from "./elementwise/leaky-relu.js";
import elementwiseLess from "./elementwise/less.js";
import elementwiseLessEqual from "./elementwise/less-equal.js";
import elementwiseLog from "./elementwise/log.js";
import elementwiseLog1p from "./elementwise/log1p.js";
import elementwiseLog2 from "./elementwise/log2.js";
import elementwiseLog10 from "./elementwise/log10.js";
import elementwiseLogaddexp from "./elementwise/logaddexp.js";
import elementwiseLogicalAnd from "./elementwise/logical-and.js";
import elementwiseLogicalNot from "./elementwise/logical-not.js";
import elementwiseLogicalOr from "./elementwise/logical-or.js";
import elementwiseLogicalXor from "./elementwise/logical-xor.js";
import elementwiseMaximum from "./elementwise/maximum.js";
import elementwiseMinimum from "./elementwise/minimum.js";
import elementwiseMul from "./elementwise/mul.js";
import elementwiseNeg from "./elementwise/neg.js";
import elementwiseNextafter from "./elementwise/nextafter.js";
import elementwiseNotEqual from "./elementwise/not-equal.js";
import elementwisePositive from "./elementwise/positive.js";
import elementwisePow from "./elementwise/pow.js";
import elementwiseReciprocal from "./elementwise/reciprocal.js";
import elementwiseRelu from "./elementwise/relu.js";
import elementwiseRemainder from "./elementwise/remainder.js";
import elementwiseRound from "./elementwise/round.js";
import elementwiseSigmoid from "./elementwise/sigmoid.js";
import elementwiseSign from "./elementwise/sign.js";
import elementwiseSignbit from "./elementwise/signbit.js";
import elementwiseSin from "./elementwise/sin.js";
import elementwiseSinh from "./elementwise/sinh.js";
import elementwiseSoftplus from "./elementwise/softplus.js";
import elementwiseSqrt from "./elementwise/sqrt.js";
import elementwiseSquare from "./elementwise/square.js";
import elementwiseStep from "./elementwise/step.js";
import elementwiseSub from "./elementwise/sub.js";
import elementwiseTan from "./elementwise/tan.js";
import elementwiseTanh from "./elementwise/tanh.js";
import elementwiseTrunc from "./elementwise/trunc.js";
import elementwiseWhere from "./elementwise/where.js";
import indexGather from "./index/gather.js";
import indexMaskedFill from "./index/masked-fill.js";
import indexMaskedSelect from "./index/masked-select.js";
import indexNonzero from "./index/nonzero.js";
import indexOneHot from "./index/one-hot.js";
import indexPutAlongAxis from "./index/put-along-axis.js";
import indexScatterAdd from "./index/scatter-add.js";
import indexTake from "./index/take.js";
import indexTakeAlongAxis from "./index/take-along-axis.js";
import indexTril from "./index/tril.js";
import indexTriu from "./index/triu.js";
import joinConcat from "./join/concat.js";
import joinPad from "./join/pad.js";
import joinRepeat from "./join/repeat.js";
import joinRoll from "./join/roll.js";
import joinStack from "./join/stack.js";
import joinTile from "./join/tile.js";
import linalgCross from "./linalg/cross.js";
import linalgEinsum from "./linalg/einsum.js";
import linalgMatmul from "./linalg/matmul.js";
import linalgMatrixPower from "./linalg/matrix-power.js";
import linalgOuter from "./linalg/outer.js";
import linalgTensordot from "./linalg/tensordot.js";
import linalgVecdot from "./linalg/vecdot.js";
import reduceAll from "./reduce/all.js";
import reduceAny from "./reduce/any.js";
import reduceArgmax from "./reduce/argmax.js";
import reduceArgmin from "./reduce/argmin.js";
import reduceCountNonzero from "./reduce/count-nonzero.js";
import reduceDiff from "./reduce/diff.js";
import reduceLogSoftmax from "./reduce/log-softmax.js";
import reduceLogSumExp from "./reduce/log-sum-exp.js";
import reduceMatrixNorm from "./reduce/matrix-norm.js";
import reduceMax from "./reduce/max.js";
import reduceMean from "./reduce/mean.js";
import reduceMin from "./reduce/min.js";
import reduceProd from "./reduce/prod.js";
import reduceSoftmax from "./reduce/softmax.js";
import reduceStd from "./reduce/std.js";
import reduceSum from "./reduce/sum.js";
import reduceVariance from "./reduce/variance.js";
import reduceVectorNorm from "./reduce/vector-norm.js";
import scanCumulativeMax from "./scan/cumulative-max.js";
import scanCumulativeMin from "./scan/cumulative-min.js";
import scanCumulativeProd from "./scan/cumulative-prod.js";
import scanCumulativeSum from "./scan/cumulative-sum.js";
import sortArgsort from "./sort/argsort.js";
import sortSearchsorted from "./sort/searchsorted.js";
import sortSort from "./sort/sort.js";
import sortTopk from "./sort/topk.js";
import viewAt from "./view/at.js";
import viewBroadcastArrays from "./view/broadcast-arrays.js";
import viewBroadcastTo from "./view/broadcast-to.js";
import viewDiagonal from "./view/diagonal.js";
import viewExpandDims from "./view/expand-dims.js";
import viewFlatten from "./view/flatten.js";
import viewFlip from "./view/flip.js";
import viewMatrixTranspose from "./view/matrix-transpose.js";
import viewMeshgrid from "./view/meshgrid.js";
import viewMoveaxis from "./view/moveaxis.js";
import viewPermuteDims from "./view/permute-dims.js";
import viewReshape from "./view/reshape.js";
import viewSplit from "./view/split.js";
import viewSqueeze from "./view/squeeze.js";
import viewTrace from "./view/trace.js";
import viewTranspose from "./view/transpose.js";
import viewUnstack from "./view/unstack.js";
import writeAssign from "./write/assign.js";

/** The cases of every operation. */
export const cases: readonly OpCases[] = [
  convAvgPool,
  convConvTranspose,
  convConv,
  convFold,
  convMaxPool,
  convUnfold,
  convWindows,
  elementwiseAbs,
  elementwiseAcos,
  elementwiseAcosh,
  elementwiseAdd,
  elementwiseAsin,
  elementwiseAsinh,
  elementwiseAstype,
  elementwiseAtan,
  elementwiseAtan2,
  elementwiseAtanh,
  elementwiseBitwiseAnd,
  elementwiseBitwiseInvert,
  elementwiseBitwiseLeftShift,
  elementwiseBitwiseOr,
  elementwiseBitwiseRightShift,
  elementwiseBitwiseXor,
  elementwiseCeil,
  elementwiseClip,
  elementwiseContiguous,
  elementwiseCopy,
  elementwiseCopysign,
  elementwiseCos,
  elementwiseCosh,
  elementwiseDiv,
  elementwiseElu,
  elementwiseEqual,
  elementwiseExp,
  elementwiseExpm1,
  elementwiseFloorDivide,
  elementwiseFloor,
  elementwiseGreaterEqual,
  elementwiseGreater,
  elementwiseHardTanh,
  elementwiseHypot,
  elementwiseIsFinite,
  elementwiseIsInf,
  elementwiseIsNaN,
  elementwiseLeakyRelu,
  elementwiseLessEqual,
  elementwiseLess,
  elementwiseLog,
  elementwiseLog10,
  elementwiseLog1p,
  elementwiseLog2,
  elementwiseLogaddexp,
  elementwiseLogicalAnd,
  elementwiseLogicalNot,
  elementwiseLogicalOr,
  elementwiseLogicalXor,
  elementwiseMaximum,
  elementwiseMinimum,
  elementwiseMul,
  elementwiseNeg,
  elementwiseNextafter,
  elementwiseNotEqual,
  elementwisePositive,
  elementwisePow,
  elementwiseReciprocal,
  elementwiseRelu,
  elementwiseRemainder,
  elementwiseRound,
  elementwiseSigmoid,
  elementwiseSign,
  elementwiseSignbit,
  elementwiseSin,
  elementwiseSinh,
  elementwiseSoftplus,
  elementwiseSqrt,
  elementwiseSquare,
  elementwiseStep,
  elementwiseSub,
  elementwiseTan,
  elementwiseTanh,
  elementwiseTrunc,
  elementwiseWhere,
  indexGather,
  indexMaskedFill,
  indexMaskedSelect,
  indexNonzero,
  indexOneHot,
  indexPutAlongAxis,
  indexScatterAdd,
  indexTakeAlongAxis,
  indexTake,
  indexTril,
  indexTriu,
  joinConcat,
  joinPad,
  joinRepeat,
  joinRoll,
  joinStack,
  joinTile,
  linalgCross,
  linalgEinsum,
  linalgMatmul,
  linalgMatrixPower,
  linalgOuter,
  linalgTensordot,
  linalgVecdot,
  reduceAll,
  reduceAny,
  reduceArgmax,
  reduceArgmin,
  reduceCountNonzero,
  reduceDiff,
  reduceLogSoftmax,
  reduceLogSumExp,
  reduceMatrixNorm,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSoftmax,
  reduceStd,
  reduceSum,
  reduceVariance,
  reduceVectorNorm,
  scanCumulativeMax,
  scanCumulativeMin,
  scanCumulativeProd,
  scanCumulativeSum,
  sortArgsort,
  sortSearchsorted,
  sortSort,
  sortTopk,
  viewAt,
  viewBroadcastArrays,
  viewBroadcastTo,
  viewDiagonal,
  viewExpandDims,
  viewFlatten,
  viewFlip,
  viewMatrixTranspose,
  viewMeshgrid,
  viewMoveaxis,
  viewPermuteDims,
  viewReshape,
  viewSplit,
  viewSqueeze,
  viewTrace,
  viewTranspose,
  viewUnstack,
  writeAssign,
];
