// The two everyday forms of elementwise operations, as functions of tensors and numbers.

import type { DType, Expr } from "@chainrule/kernel";
import type { FloatOf, Promote, PromoteNumber } from "../dtype/promote.js";
import { apply } from "../engine/apply.js";
import { filled } from "../engine/fill.js";
import { numberTensor } from "../engine/number-tensor.js";
import type { Tensor } from "../tensor/tensor.js";
import { type DTypeRule, defineElementwise } from "./elementwise.js";
import {
  type Attrs,
  type Input,
  type NonDifferentiable,
  noAttrs,
  type Primitive,
  type Saved,
  type Vjp,
} from "./primitive.js";

interface Named {
  readonly primitive: Primitive;
}

/** A function of one tensor with results of a float dtype. */
export interface UnaryFloatOp extends Named {
  <D extends DType>(x: Tensor<D> | number): Tensor<FloatOf<D>>;
}

/** A function of one tensor that keeps its dtype. */
export interface UnaryOp extends Named {
  <D extends DType>(x: Tensor<D> | number): Tensor<D>;
}

/** A function of one tensor with bool results. */
export interface UnaryBoolOp extends Named {
  (x: Input): Tensor<"bool">;
}

/** The promoted dtype of a tensor of dtype `D` and an operand that may be a number. */
export type With<D extends DType, B extends Input> =
  B extends Tensor<infer E> ? Promote<D, E> : PromoteNumber<D>;

/** The promoted dtype of two operands, either of which may be a number. */
export type Combined<A extends Input, B extends Input> =
  A extends Tensor<infer D> ? With<D, B> : B extends Tensor<infer E> ? PromoteNumber<E> : "float32";

/** A function of two tensors with results of their promoted dtype. */
export interface BinaryOp extends Named {
  <A extends Input, B extends Input>(a: A, b: B): Tensor<Combined<A, B>>;
}

/** A function of two tensors with results of a float dtype. */
export interface BinaryFloatOp extends Named {
  <A extends Input, B extends Input>(a: A, b: B): Tensor<FloatOf<Combined<A, B>>>;
}

/** A function of two tensors with bool results. */
export interface BinaryBoolOp extends Named {
  (a: Input, b: Input): Tensor<"bool">;
}

/** The definition of a function of one tensor. */
export interface UnaryDefinition {
  readonly name: string;
  /** One element of the result from one element of the operand. */
  readonly expr: (x: Expr) => Expr;
  /** Default "float". */
  readonly dtypes?: DTypeRule;
  /** The gradient of the operand; may read `x` and `output` as far as they are saved. */
  readonly vjp: Vjp<Attrs> | NonDifferentiable;
  /** Default "nothing". */
  readonly saves?: "nothing" | "inputs" | "output" | "both";
}

/** The definition of a function of two tensors that broadcast. */
export interface BinaryDefinition {
  readonly name: string;
  readonly expr: (a: Expr, b: Expr) => Expr;
  /** Default "float". */
  readonly dtypes?: DTypeRule;
  /** The gradients of the two operands; may read `a`, `b` and `output` as far as saved. */
  readonly vjp: readonly [Vjp<Attrs>, Vjp<Attrs>] | NonDifferentiable;
  /** Default "nothing". */
  readonly saves?: "nothing" | "inputs" | "output" | "both";
}

/**
 * Defines a function of one tensor. The annotation of the constant says which kind it is:
 * {@link UnaryFloatOp}, {@link UnaryOp} or {@link UnaryBoolOp}.
 *
 * @example
 * const cube: UnaryFloatOp = unary({
 *   name: "cube",
 *   expr: (x) => call("mul", x, call("mul", x, x)),
 *   saves: "inputs",
 *   vjp: (grad, { x }) => grad.mul(x.square()).mul(3),
 * });
 */
export function unary<F extends Named>(definition: UnaryDefinition): F {
  const { vjp } = definition;
  const primitive = defineElementwise({
    ...definition,
    expr: (x) => definition.expr(x as Expr),
    vjp: typeof vjp === "function" ? [vjp] : vjp,
  });
  const run = (x: Input): Tensor =>
    apply(primitive, [typeof x === "number" ? numberTensor(x) : x], noAttrs);
  return Object.assign(run, { primitive }) as unknown as F;
}

/** Defines a function of two tensors that broadcast against each other, either may be a number. */
export function binary<F extends Named>(definition: BinaryDefinition): F {
  const primitive = defineElementwise({
    ...definition,
    expr: (a, b) => definition.expr(a as Expr, b as Expr),
  });
  const run = (a: Input, b: Input): Tensor =>
    apply(
      primitive,
      typeof a === "number" && typeof b === "number" ? [numberTensor(a), b] : [a, b],
      noAttrs,
    );
  return Object.assign(run, { primitive }) as unknown as F;
}

/** The derivative of functions that are constant between their jumps: zero everywhere. */
export function zeroDerivative(grad: Tensor, _saved: Saved<Attrs>): Tensor {
  return filled(grad.storage.device, 0, grad.dtype, grad.shape);
}
