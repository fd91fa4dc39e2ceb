// Scans: every place along an axis combines the elements up to it, itself included.

import {
  call,
  cast,
  constant,
  convertNumber,
  coord,
  type DType,
  layout,
  load,
  operandSpec,
  stageValue,
} from "@chainrule/kernel";
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
  tensorSpec,
  type Vjp,
} from "./primitive.js";

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
  const primitive: Primitive<ScanAttrs> = definePrimitive<ScanAttrs>({
    name,
    infer: (inputs) => {
      const { shape, dtype } = tensorSpec(name, inputs, 0);
      return { shape, dtype: definition.dtype(dtype) };
    },
    lower: (inputs, output, { axis }) => [
      lowerScan(definition, tensorSpec(name, inputs, 0), output.dtype, axis),
    ],
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
    ...(shape.length > 1 ? { fix: "Name the axis, or flatten() the tensor first." } : {}),
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
  const there = x.shape.map((_, d) => coord(d === axis ? rank : d));
  const isBefore = call("le", coord(rank), coord(axis));
  const element = cast(load(0, x.dtype, there), dtype);
  const target = layout(x.shape);
  return {
    kernel: {
      name,
      outer: rank,
      axes: [...x.shape.map((_, dim) => ({ operand: 1, dim })), { operand: 0, dim: axis }],
      inputs: [operandSpec(x.dtype, x.layout)],
      scalars: [],
      stages: [
        {
          axes: [rank],
          reduce,
          value: call("select", isBefore, element, constant(neutral(reduce, dtype), dtype)),
          dtype,
        },
      ],
      outputs: [{ ...operandSpec(dtype, target), value: stageValue(0, dtype) }],
    },
    inputs: [{ source: 0, layout: x.layout }],
    scalars: [],
    output: { layout: target, offset: 0 },
  };
}

/** What combines with any element of `dtype` to that element. */
function neutral(reduce: ScanReducer, dtype: DType): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  if (reduce === "min") return convertNumber(Infinity, dtype);
  return dtype === "bool" ? 0 : convertNumber(-Infinity, dtype);
}
