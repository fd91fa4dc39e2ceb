// Scans: every place along an axis combines the elements up to it, itself included.

import { call, cast, constant, convertNumber, coord, type DType, load } from "@chainrule/kernel";
import type { ScanReducer } from "../backend/backend.js";
import { apply, ensureTensor } from "../engine/apply.js";
import { AxisError, formatShape } from "../errors.js";
import { resolveAxis } from "../shape/axis.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  type Attrs,
  definePrimitive,
  type Primitive,
  type Step,
  type TensorSpec,
  type Vjp,
} from "./primitive.js";
import { coordinates, reduceStep } from "./step.js";

/** The attributes of a scan: an axis counted from 0. */
export interface ScanAttrs extends Attrs {
  readonly axis: number;
}

/** The definition of a scan. */
export interface ScanDefinition {
  readonly name: string;
  readonly reduce: ScanReducer;
  /** The dtype of the result for an operand of `dtype`, which is converted to it first. */
  readonly dtype: (dtype: DType) => DType;
  readonly vjp: Vjp<ScanAttrs>;
  readonly saves: "nothing" | "both";
}

/** A scan as a function of an axis, which may be left out for a single one. */
export type ScanOp = (x: Tensor, axis?: number) => Tensor;

/** Defines a scan primitive. */
export function defineScan(definition: ScanDefinition): ScanOp {
  const { name, reduce } = definition;
  const primitive: Primitive<ScanAttrs> = definePrimitive<ScanAttrs, [TensorSpec]>({
    name,
    infer: ([{ shape, dtype }]) => ({ shape, dtype: definition.dtype(dtype) }),
    lower: ([x], output, { axis }) => [lowerScan(definition, x, output.dtype, axis)],
    vjp: [definition.vjp],
    saves: definition.saves,
    batch: ([x], _batched, { axis }) => run(x as Tensor, axis + 1),
    routine: {
      name: "scan",
      run: (routines, [x], output, { axis }) => {
        if (x !== undefined) routines.scan(x, axis, reduce, output);
      },
    },
  });
  const run: ScanOp = (x, axis) => {
    ensureTensor(name, x);
    const along = scanAxis(name, axis, x.shape);
    return apply(primitive, [x], { key: along, axis: along });
  };
  return run;
}

/** `axis` counted from 0. Throws: {@link AxisError} when it is left out and there are several. */
export function scanAxis(op: string, axis: number | undefined, shape: readonly number[]): number {
  if (axis !== undefined) return resolveAxis(op, axis, shape);
  if (shape.length === 1) return 0;
  throw new AxisError(op, "the axis may be left out where there is one", {
    expected: "an axis, or a tensor with one",
    got: `no axis for shape ${formatShape(shape)}`,
    fix:
      shape.length > 1
        ? "Name the axis, or flatten() the tensor first."
        : "Give it an axis with expandDims(0).",
  });
}

/** Without a scan on the device: every place reduces what comes before it. */
function lowerScan(
  { name, reduce }: ScanDefinition,
  x: TensorSpec,
  dtype: DType,
  axis: number,
): Step {
  const rank = x.shape.length;
  const isBefore = call("le", coord(rank), coord(axis));
  const element = cast(load(0, x.dtype, coordinates(x.shape, axis, coord(rank))), dtype);
  return reduceStep(
    { name, inputs: [x], output: { shape: x.shape, dtype }, inner: [{ operand: 0, dim: axis }] },
    reduce,
    call("select", isBefore, element, constant(neutral(reduce, dtype), dtype)),
  );
}

/** What combines with any element of `dtype` to that element. */
function neutral(reduce: ScanReducer, dtype: DType): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  if (reduce === "min") return convertNumber(Infinity, dtype);
  return dtype === "bool" ? 0 : convertNumber(-Infinity, dtype);
}
