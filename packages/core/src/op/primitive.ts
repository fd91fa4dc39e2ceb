// What an operation is to the engine: a shape rule, a derivative, a rule for a leading batch axis
// and a lowering to kernels. A primitive is a value; importing it registers nothing.

import type { DType, Kernel, Layout, Operand } from "@chainrule/kernel";
import type { Routines } from "../backend/backend.js";
import type { Tensor } from "../tensor/tensor.js";

/** An operand of an operation: a tensor, or a JS number that reaches the kernel as an argument. */
export type Input = Tensor | number;

/**
 * What `infer` and `lower` know of an input: layout and dtype of a tensor; of a number only whether
 * it is whole and which integer dtypes hold it.
 */
export type InputSpec = TensorSpec | NumberSpec;

export interface TensorSpec {
  readonly kind: "tensor";
  readonly layout: Layout;
  readonly shape: readonly number[];
  readonly dtype: DType;
}

export interface NumberSpec {
  readonly kind: "number";
  readonly holds: NumberClass;
}

/** The narrowest class a JS number falls in; "huge" is whole but outside int32. */
export type NumberClass = "uint8" | "int32" | "huge" | "fraction";

/** Shape and dtype of a result. */
export interface OutputSpec {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Static arguments of an operation. `key` distinguishes all that `infer` and `lower` depend on. */
export interface Attrs {
  readonly key: string | number;
}

/** The attributes of operations that have none. */
export const noAttrs: Attrs = { key: 0 };

/** One kernel of a lowering and what it is run on. */
export interface Step {
  readonly kernel: Kernel;
  /** For each kernel input: which operand of the operation, seen through which layout. */
  readonly inputs: readonly { readonly source: number; readonly layout: Layout }[];
  /** For each run-time scalar: the operand that is a number, or a value. */
  readonly scalars: readonly ({ readonly source: number } | { readonly value: number })[];
  /** Where in the row-major output buffer the kernel writes. */
  readonly output: { readonly layout: Layout; readonly offset: number };
}

/** What a derivative may look at. */
export interface Saved<A extends Attrs> {
  /** The operands; only for operations that save their inputs. */
  readonly inputs: readonly Input[];
  /** The result; only for operations that save it. */
  readonly output: Tensor;
  readonly attrs: A;
  /** The first operand, of an operation on one tensor. */
  readonly x: Tensor;
  /** The first and the second operand, of an operation on two. */
  readonly a: Input;
  readonly b: Input;
  /** Shape and dtype of operand `index`, always known. */
  spec(index: number): TensorSpec;
  /** The operand this derivative is for. */
  readonly index: number;
}

/**
 * The gradient of one operand from the gradient of the result, written with differentiable
 * operations so that it can be differentiated again. Broadcasting and dtype conversion are undone
 * by the engine. Null says that the operand gets no gradient.
 */
export type Vjp<A extends Attrs> = (grad: Tensor, saved: Saved<A>) => Tensor | null;

/** Says that an operation has no derivative, and why. */
export interface NonDifferentiable {
  readonly nonDifferentiable: string;
}

/**
 * How a leading axis passes through: given inputs of which the `batched` ones have one more axis in
 * front, the result for all of them at once, with that axis in front.
 */
export type BatchRule<A extends Attrs> = (
  inputs: readonly Input[],
  batched: readonly boolean[],
  attrs: A,
) => Tensor;

/** The definition of a primitive operation, which knows `I` of its operands. */
export interface PrimitiveDefinition<
  A extends Attrs,
  I extends readonly InputSpec[] = readonly InputSpec[],
> {
  readonly name: string;
  /** Shape and dtype of the result. Throws what the user must read. */
  infer(inputs: I, attrs: A): OutputSpec;
  /** The kernels that compute it. */
  lower(inputs: I, output: OutputSpec, attrs: A): readonly Step[];
  /** One derivative per operand, or one for all operands of a variadic operation. */
  readonly vjp: readonly Vjp<A>[] | Vjp<A> | NonDifferentiable;
  /** What the derivative needs kept until then. */
  readonly saves: "nothing" | "inputs" | "output" | "both";
  readonly batch: BatchRule<A>;
  /** The routine that does the same faster, on backends that have it. */
  readonly routine?: {
    readonly name: keyof Routines;
    run(routines: Routines, inputs: readonly Operand[], output: Operand, attrs: A): void;
  };
}

/** A defined primitive: its definition and a number of its own for tables. */
export interface Primitive<A extends Attrs = Attrs> extends PrimitiveDefinition<A> {
  readonly id: number;
}

let nextId = 0;

/** Makes a primitive of its definition. */
export function definePrimitive<
  A extends Attrs,
  I extends readonly InputSpec[] = readonly InputSpec[],
>(definition: PrimitiveDefinition<A, I>): Primitive<A> {
  return { ...definition, id: nextId++ };
}

/** Whether an operation has a derivative. */
export function isDifferentiable<A extends Attrs>(op: PrimitiveDefinition<A>): boolean {
  return !("nonDifferentiable" in op.vjp);
}
