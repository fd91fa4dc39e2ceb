// Written by `pnpm generate` from the files beside it; do not edit.

import type { OpCases } from "../define-cases.js";
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
import elementwiseCeil from "./elementwise/ceil.js";
import elementwiseClip from "./elementwise/clip.js";
import elementwiseContiguous from "./elementwise/contiguous.js";
import elementwiseCopy from "./elementwise/copy.js";
import elementwiseCos from "./elementwise/cos.js";
import elementwiseCosh from "./elementwise/cosh.js";
import elementwiseDiv from "./elementwise/div.js";
import elementwiseEqual from "./elementwise/equal.js";
import elementwiseExp from "./elementwise/exp.js";
import elementwiseExpm1 from "./elementwise/expm1.js";
import elementwiseFloor from "./elementwise/floor.js";
import elementwiseFloorDivide from "./elementwise/floor-divide.js";
import elementwiseGreater from "./elementwise/greater.js";
import elementwiseGreaterEqual from "./elementwise/greater-equal.js";
import elementwiseIsFinite from "./elementwise/is-finite.js";
import elementwiseIsInf from "./elementwise/is-inf.js";
import elementwiseIsNaN from "./elementwise/is-na-n.js";
import elementwiseLess from "./elementwise/less.js";
import elementwiseLessEqual from "./elementwise/less-equal.js";
import elementwiseLog from "./elementwise/log.js";
import elementwiseLog1p from "./elementwise/log1p.js";
import elementwiseLog2 from "./elementwise/log2.js";
import elementwiseLog10 from "./elementwise/log10.js";
import elementwiseLogicalAnd from "./elementwise/logical-and.js";
import elementwiseLogicalNot from "./elementwise/logical-not.js";
import elementwiseLogicalOr from "./elementwise/logical-or.js";
import elementwiseLogicalXor from "./elementwise/logical-xor.js";
import elementwiseMaximum from "./elementwise/maximum.js";
import elementwiseMinimum from "./elementwise/minimum.js";
import elementwiseMul from "./elementwise/mul.js";
import elementwiseNeg from "./elementwise/neg.js";
import elementwiseNotEqual from "./elementwise/not-equal.js";
import elementwisePow from "./elementwise/pow.js";
import elementwiseReciprocal from "./elementwise/reciprocal.js";
import elementwiseRelu from "./elementwise/relu.js";
import elementwiseRemainder from "./elementwise/remainder.js";
import elementwiseRound from "./elementwise/round.js";
import elementwiseSigmoid from "./elementwise/sigmoid.js";
import elementwiseSign from "./elementwise/sign.js";
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
import indexOneHot from "./index/one-hot.js";
import indexScatterAdd from "./index/scatter-add.js";
import indexTake from "./index/take.js";
import joinConcat from "./join/concat.js";
import joinPad from "./join/pad.js";
import joinStack from "./join/stack.js";
import linalgMatmul from "./linalg/matmul.js";
import reduceAll from "./reduce/all.js";
import reduceAny from "./reduce/any.js";
import reduceArgmax from "./reduce/argmax.js";
import reduceArgmin from "./reduce/argmin.js";
import reduceLogSoftmax from "./reduce/log-softmax.js";
import reduceMax from "./reduce/max.js";
import reduceMean from "./reduce/mean.js";
import reduceMin from "./reduce/min.js";
import reduceProd from "./reduce/prod.js";
import reduceSoftmax from "./reduce/softmax.js";
import reduceSum from "./reduce/sum.js";
import viewAt from "./view/at.js";
import viewBroadcastTo from "./view/broadcast-to.js";
import viewExpandDims from "./view/expand-dims.js";
import viewFlatten from "./view/flatten.js";
import viewFlip from "./view/flip.js";
import viewMatrixTranspose from "./view/matrix-transpose.js";
import viewPermuteDims from "./view/permute-dims.js";
import viewReshape from "./view/reshape.js";
import viewSqueeze from "./view/squeeze.js";
import viewTranspose from "./view/transpose.js";
import writeAssign from "./write/assign.js";

/** The cases of every operation. */
export const cases: readonly OpCases[] = [
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
  elementwiseCeil,
  elementwiseClip,
  elementwiseContiguous,
  elementwiseCopy,
  elementwiseCos,
  elementwiseCosh,
  elementwiseDiv,
  elementwiseEqual,
  elementwiseExp,
  elementwiseExpm1,
  elementwiseFloorDivide,
  elementwiseFloor,
  elementwiseGreaterEqual,
  elementwiseGreater,
  elementwiseIsFinite,
  elementwiseIsInf,
  elementwiseIsNaN,
  elementwiseLessEqual,
  elementwiseLess,
  elementwiseLog,
  elementwiseLog10,
  elementwiseLog1p,
  elementwiseLog2,
  elementwiseLogicalAnd,
  elementwiseLogicalNot,
  elementwiseLogicalOr,
  elementwiseLogicalXor,
  elementwiseMaximum,
  elementwiseMinimum,
  elementwiseMul,
  elementwiseNeg,
  elementwiseNotEqual,
  elementwisePow,
  elementwiseReciprocal,
  elementwiseRelu,
  elementwiseRemainder,
  elementwiseRound,
  elementwiseSigmoid,
  elementwiseSign,
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
  indexOneHot,
  indexScatterAdd,
  indexTake,
  joinConcat,
  joinPad,
  joinStack,
  linalgMatmul,
  reduceAll,
  reduceAny,
  reduceArgmax,
  reduceArgmin,
  reduceLogSoftmax,
  reduceMax,
  reduceMean,
  reduceMin,
  reduceProd,
  reduceSoftmax,
  reduceSum,
  viewAt,
  viewBroadcastTo,
  viewExpandDims,
  viewFlatten,
  viewFlip,
  viewMatrixTranspose,
  viewPermuteDims,
  viewReshape,
  viewSqueeze,
  viewTranspose,
  writeAssign,
];
