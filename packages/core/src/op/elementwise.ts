// Elementwise operations: one scalar expression and one derivative per operand. Broadcasting,
// promotion, lowering and the batch rule are shared by all of them.

import { cast, type DType, type Expr, isFloat, kindOf, load, scalar } from "@chainrule/kernel";
import { floatOf, promote, promoteWithNumber } from "../dtype/promote.js";
import { apply } from "../engine/apply.js";
import { ensureInt32 } from "../engine/specs.js";
import { DTypeError } from "../errors.js";
import { broadcastLayout, broadcastShapes } from "../shape/broadcast.js";
import { alignBatch } from "./batch.js";
import {
  type Attrs,
  definePrimitive,
  type InputSpec,
  type NonDifferentiable,
  noAttrs,
  type OutputSpec,
  type Primitive,
  type Step,
  type Vjp,
} from "./primitive.js";
import { coordinates, elementStep, type ScalarArgument, type Seen } from "./step.js";

/**
 * The dtype all operands are converted to before the expression is evaluated:
 * - "float": the promoted dtype, ints and bool as float32
 * - "number": the promoted dtype; bool is refused
 * - "any": the promoted dtype, bool included
 * - "compare": the same, and a number outside uint8 makes uint8 an int32
 * - "logical": bool
 */
export type DTypeRule = "float" | "number" | "any" | "compare" | "logical";

/** The definition of an elementwise operation. */
export interface ElementwiseDefinition {
  readonly name: string;
  /** One element of the result from one element of each operand, all of one dtype. */
  readonly expr: (...operands: Expr[]) => Expr;
  /** Default "float". */
  readonly dtypes?: DTypeRule;
  /** One derivative per operand: the gradient of the result times the local derivative. */
  readonly vjp: readonly Vjp<Attrs>[] | NonDifferentiable;
  /** What the derivatives read: the operands, the result, both or nothing (the default). */
  readonly saves?: "nothing" | "inputs" | "output" | "both";
}

/** Defines an elementwise primitive of any number of operands. */
export function defineElementwise(definition: ElementwiseDefinition): Primitive {
  const rule = definition.dtypes ?? "float";
  const primitive: Primitive = definePrimitive<Attrs>({
    name: definition.name,
    infer: (inputs) => {
      const dtype = operandDType(definition.name, rule, inputs);
      const operands = inputs.map((_, index) => scalar(index, dtype));
      return {
        shape: broadcastShapes(definition.name, shapesOf(inputs)),
        dtype: definition.expr(...operands).dtype,
      };
    },
    lower: (inputs, output) => {
      const dtype = operandDType(definition.name, rule, inputs);
      return [lowerMap(definition.name, definition.expr, dtype, inputs, output)];
    },
    vjp: definition.vjp,
    saves: definition.saves ?? "nothing",
    batch: (inputs, batched) => apply(primitive, alignBatch(inputs, batched), noAttrs),
  });
  return primitive;
}

function shapesOf(inputs: readonly InputSpec[]): (readonly number[])[] {
  return inputs.flatMap((input) => (input.kind === "tensor" ? [input.shape] : []));
}

function operandDType(name: string, rule: DTypeRule, inputs: readonly InputSpec[]): DType {
  if (rule === "logical") return "bool";
  const promoted = promoteInputs(name, rule, inputs);
  if (rule === "float") return floatOf(promoted);
  if (rule === "number" && kindOf(promoted) === "bool") {
    throw new DTypeError(name, "arithmetic needs numbers", {
      expected: "an int or float tensor",
      got: "bool",
      fix: 'Convert with astype("int32"), or use a logical operation.',
    });
  }
  return promoted;
}

function promoteInputs(name: string, rule: DTypeRule, inputs: readonly InputSpec[]): DType {
  let dtype: DType | undefined;
  for (const input of inputs) {
    if (input.kind !== "tensor") continue;
    dtype = dtype === undefined ? input.dtype : promote(dtype, input.dtype);
  }
  let result: DType = dtype ?? "float32";
  for (const input of inputs) {
    if (input.kind !== "number") continue;
    if (!isFloat(result)) ensureInt32(name, input.holds, result);
    result = promoteWithNumber(result, input.holds !== "fraction");
    if (rule === "compare" && result === "uint8" && input.holds === "int32") result = "int32";
  }
  return result;
}

/** The kernel that maps `expr` over its operands, broadcast to the shape of the output. */
export function lowerMap(
  name: string,
  expr: (...operands: Expr[]) => Expr,
  dtype: DType,
  inputs: readonly InputSpec[],
  output: OutputSpec,
): Step {
  const here = coordinates(output.shape);
  const seen: Seen[] = [];
  const scalars: ScalarArgument[] = [];
  const operands = inputs.map((input, source): Expr => {
    if (input.kind === "number") return scalar(scalars.push({ source, dtype }) - 1, dtype);
    const view = broadcastLayout(input.layout, output.shape);
    const index = seen.push({ source, dtype: input.dtype, layout: view }) - 1;
    return cast(load(index, input.dtype, here), dtype);
  });
  const value = cast(expr(...operands), output.dtype);
  return elementStep({ name, inputs: seen, output, scalars }, value);
}
