// The tensor: a view of a storage, with its place in the graph. Its methods are one-line calls of
// the operations; those between the markers are written by `pnpm generate`.

import type { DType, Layout, TypedArrayOf } from "@chainrule/kernel";
import { isFloat } from "@chainrule/kernel";
import { type BackwardOptions, backward } from "../autograd/backward-from.js";
import type { Node } from "../autograd/node.js";
import type { Backend } from "../backend/backend.js";
import type { FloatOf, Promote } from "../dtype/promote.js";
import { disposedError } from "../engine/apply.js";
import type { Storage } from "../engine/storage.js";
import { brand, makeTensor, setTensorClass, thisCopy } from "../engine/tensor-class.js";
import { noteChange, tracer } from "../engine/tracer.js";
import { DTypeError, GradientError } from "../errors.js";
import type { Input } from "../op/primitive.js";
import type { ReduceOptions } from "../op/reduction.js";
import type { With } from "../op/unary-binary.js";
import type {
  CumulativeOptions,
  IndexItem,
  SortOptions,
  Topk,
  TopkOptions,
  TotalOf,
  VarianceOptions,
} from "../ops/index.js";
import * as ops from "../ops/index.js";
import type { Axis } from "../shape/axis.js";
import { copyTo } from "./move.js";
import { formatTensor } from "./print.js";
import {
  type NestedArray,
  readArray,
  readArraySync,
  readData,
  readDataSync,
  readItem,
  readItemSync,
} from "./read.js";

/** The JS type of one element: boolean for a tensor known to be bool, number for the rest. */
export type ItemOf<D extends DType> = [D] extends ["bool"] ? boolean : number;

/**
 * An n-dimensional array of one dtype on one backend. Made by {@link tensor}, {@link zeros} and the
 * like; operations never change it and return new ones.
 */
export class Tensor<D extends DType = DType> {
  /** The memory, shared with views. Internal. */
  readonly storage: Storage;
  /** Shape and strides, interned. Internal. */
  readonly layout: Layout;
  /** Where the first element lies in the storage, in elements. */
  readonly offset: number;
  /** The recorded operation that made it, null for leaves. Internal. */
  node: Node | null = null;
  /** The gradient, or what makes it when somebody looks. Internal. */
  gradient: Tensor<D> | (() => Tensor<D>) | null = null;
  /** Whether `dispose()` has been called. */
  disposed = false;
  #requiresGrad = false;

  constructor(storage: Storage, layout: Layout, offset: number) {
    this.storage = storage;
    this.layout = layout;
    this.offset = offset;
    storage.viewers += 1;
  }

  /**
   * The gradient of a leaf, which `backward()` adds to; null before the first. Results of operations
   * keep none: for that of a value in between, name it as an argument, `grad((h) => rest(h))(h)`, or
   * make it a leaf with `h.detach()` and `requiresGrad = true`.
   */
  get grad(): Tensor<D> | null {
    tracer?.grad(this, false);
    if (typeof this.gradient === "function") this.gradient = this.gradient();
    return this.gradient;
  }

  set grad(value: Tensor<D> | null) {
    tracer?.grad(this, true);
    noteChange();
    this.gradient = value;
  }

  get shape(): readonly number[] {
    return this.layout.shape;
  }

  /** Number of axes. */
  get ndim(): number {
    return this.layout.ndim;
  }

  /** Number of elements. */
  get size(): number {
    return this.layout.size;
  }

  get dtype(): D {
    return this.storage.dtype as D;
  }

  /** Steps between neighbours along each axis, in elements. */
  get strides(): readonly number[] {
    return this.layout.strides;
  }

  get backend(): Backend {
    return this.storage.device.backend;
  }

  /** How many times the storage has been written to. */
  get version(): number {
    return this.storage.version;
  }

  /** Whether it was made by the user rather than by a recorded operation. */
  get isLeaf(): boolean {
    return this.node === null;
  }

  /** Whether operations on it are recorded; can be set on leaves of a float dtype. */
  get requiresGrad(): boolean {
    return this.node !== null || this.#requiresGrad;
  }

  set requiresGrad(value: boolean) {
    if (this.node !== null) {
      throw new GradientError("requiresGrad", "only leaves can be switched", {
        expected: "a tensor that was not computed",
        got: `the result of ${this.node.op.name}`,
        fix: "Use detach() to get a leaf.",
      });
    }
    if (value && !isFloat(this.dtype)) {
      throw new DTypeError("requiresGrad", "only floats have gradients", {
        expected: "float32, float64 or float16",
        got: this.dtype,
        fix: 'Convert with astype("float32").',
      });
    }
    noteChange();
    this.#requiresGrad = value;
  }

  /** The transpose of a matrix; of more axes, all of them in reverse order. A view. */
  get T(): Tensor<D> {
    if (this.ndim === 2) return this.mT;
    return ops.permuteDims(
      this,
      this.shape.map((_, axis) => this.ndim - 1 - axis),
    );
  }

  /** The transpose of the last two axes. A view. */
  get mT(): Tensor<D> {
    return ops.matrixTranspose(this);
  }

  /** A leaf that shares the elements and is not part of any graph. */
  detach(): Tensor<D> {
    if (this.disposed) throw disposedError("detach");
    return makeTensor(this.storage, this.layout, this.offset) as unknown as Tensor<D>;
  }

  /** Adds the gradients of this result to the `grad` of the leaves it was computed from. */
  backward(options?: BackwardOptions): void {
    backward(this, options);
  }

  /** A row-major copy of the elements. */
  data(): Promise<TypedArrayOf<D>> {
    return readData(this);
  }

  /** The elements as nested arrays, a plain value for shape []. */
  array(): Promise<NestedArray> {
    return readArray(this);
  }

  /** The only element. Throws: ShapeError when there are several. */
  item(): Promise<ItemOf<D>> {
    return readItem(this) as Promise<ItemOf<D>>;
  }

  /** {@link Tensor.data} without waiting, on backends with `syncRead`. */
  dataSync(): TypedArrayOf<D> {
    return readDataSync(this);
  }

  /** {@link Tensor.array} without waiting, on backends with `syncRead`. */
  arraySync(): NestedArray {
    return readArraySync(this);
  }

  /** {@link Tensor.item} without waiting, on backends with `syncRead`. */
  itemSync(): ItemOf<D> {
    return readItemSync(this) as ItemOf<D>;
  }

  /**
   * The same elements on `backend`: itself when it is there already, else a leaf of its own.
   *
   * Throws: DTypeError when the backend lacks the dtype; GradientError for the result of a recorded
   * operation, as gradients do not flow between backends: detach it first.
   */
  to(backend: Backend): Promise<Tensor<D>> {
    return copyTo(this, backend) as Promise<Tensor<D>>;
  }

  /** Gives the memory back once all tensors that share it are disposed; using it later throws. */
  dispose(): void {
    if (this.disposed) return;
    noteChange();
    this.disposed = true;
    this.storage.viewers -= 1;
    if (this.storage.viewers === 0) this.storage.release();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return formatTensor(this);
  }

  // <generated methods>
  /** The absolute value |x| of each element, also known as absolute value ReLU; abs'(0) = 0. */
  abs(): Tensor<D> {
    return ops.abs<D>(this);
  }

  /** The angle in [0, π] whose cosine is x; NaN outside [-1, 1]. */
  acos(): Tensor<FloatOf<D>> {
    return ops.acos<D>(this);
  }

  /** The inverse hyperbolic cosine of each element; NaN below 1. */
  acosh(): Tensor<FloatOf<D>> {
    return ops.acosh<D>(this);
  }

  /** `a + b`, element by element with broadcasting; bool adds as "or". */
  add<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.add<Tensor<D>, B>(this, other);
  }

  /** Whether every element over `axis` is true (not zero); true for nothing. */
  all(axis?: Axis, options?: ReduceOptions): Tensor<"bool"> {
    return ops.all(this, axis, options);
  }

  /** Whether any element over `axis` is true (not zero); false for nothing. */
  any(axis?: Axis, options?: ReduceOptions): Tensor<"bool"> {
    return ops.any(this, axis, options);
  }

  /** The position of the first largest element along `axis`, or in row-major order when left out; NaN counts as largest. */
  argmax(axis?: number, options?: ReduceOptions): Tensor<"int32"> {
    return ops.argmax(this, axis, options);
  }

  /** The position of the first smallest element along `axis`, or in row-major order when left out; NaN counts as smallest. */
  argmin(axis?: number, options?: ReduceOptions): Tensor<"int32"> {
    return ops.argmin(this, axis, options);
  }

  /** The positions of the elements of `x` along an axis in the order that sorts them. */
  argsort(options: SortOptions = {}): Tensor<"int32"> {
    return ops.argsort(this, options);
  }

  /** The angle in [-π/2, π/2] whose sine is x; NaN outside [-1, 1]. */
  asin(): Tensor<FloatOf<D>> {
    return ops.asin<D>(this);
  }

  /** The inverse hyperbolic sine of each element. */
  asinh(): Tensor<FloatOf<D>> {
    return ops.asinh<D>(this);
  }

  /** `x` converted to `dtype`; `x` itself when it has that dtype already. */
  astype<E extends DType>(dtype: E): Tensor<E> {
    return ops.astype(this, dtype);
  }

  /** Indexes `x` as NumPy's square brackets do, as a view unless an item is a tensor or a list. */
  at(...items: readonly IndexItem[]): Tensor<D> {
    return ops.at(this, ...items);
  }

  /** The angle in [-π/2, π/2] whose tangent is x. */
  atan(): Tensor<FloatOf<D>> {
    return ops.atan<D>(this);
  }

  /** The angle in [-π, π] of the point (b, a), in radians. */
  atan2<B extends Input>(other: B): Tensor<FloatOf<With<D, B>>> {
    return ops.atan2<Tensor<D>, B>(this, other);
  }

  /** The inverse hyperbolic tangent of each element; NaN outside [-1, 1]. */
  atanh(): Tensor<FloatOf<D>> {
    return ops.atanh<D>(this);
  }

  /** `x` repeated along missing axes and axes of extent 1 until it has `shape`. */
  broadcastTo(shape: readonly number[]): Tensor<D> {
    return ops.broadcastTo(this, shape);
  }

  /** Rounds each element up to a whole number. */
  ceil(): Tensor<D> {
    return ops.ceil<D>(this);
  }

  /** `x` limited to `[min, max]`; either bound may be left out, NaN stays NaN. */
  clip(min?: number, max?: number): Tensor<D> {
    return ops.clip(this, min, max);
  }

  /** `x` itself when its elements lie row-major without gaps, otherwise a copy that does. */
  contiguous(): Tensor<D> {
    return ops.contiguous(this);
  }

  /** A copy of `x` with a storage of its own, row-major. */
  copy(): Tensor<D> {
    return ops.copy<D>(this);
  }

  /** The cosine of each element, in radians. */
  cos(): Tensor<FloatOf<D>> {
    return ops.cos<D>(this);
  }

  /** The hyperbolic cosine of each element. */
  cosh(): Tensor<FloatOf<D>> {
    return ops.cosh<D>(this);
  }

  /** How many elements over `axis` (one, several, or all axes when left out) are not 0; NaN counts. */
  countNonzero(axis?: Axis, options?: ReduceOptions): Tensor<"int32"> {
    return ops.countNonzero(this, axis, options);
  }

  /** The sums of the elements up to each place along `axis`. */
  cumulativeSum(axis?: number, options?: CumulativeOptions): Tensor<TotalOf<D>> {
    return ops.cumulativeSum(this, axis, options);
  }

  /** The elements of each matrix whose column is `offset` more than their row. */
  diagonal(offset = 0): Tensor<D> {
    return ops.diagonal(this, offset);
  }

  /** `a / b`, element by element with broadcasting; ints are divided as float32. */
  div<B extends Input>(other: B): Tensor<FloatOf<With<D, B>>> {
    return ops.div<Tensor<D>, B>(this, other);
  }

  /** Whether `a = b`, element by element with broadcasting. */
  equal(other: Input): Tensor<"bool"> {
    return ops.equal(this, other);
  }

  /** The exponential `eˣ` of each element. */
  exp(): Tensor<FloatOf<D>> {
    return ops.exp<D>(this);
  }

  /** `x` with a new axis of extent 1 at position `axis` of the result. */
  expandDims(axis: number): Tensor<D> {
    return ops.expandDims(this, axis);
  }

  /** `eˣ - 1`, exact for small x where `exp(x).sub(1)` cancels. */
  expm1(): Tensor<FloatOf<D>> {
    return ops.expm1<D>(this);
  }

  /** `x` with the axes from `startAxis` to `endAxis`, both included, merged into one. */
  flatten(startAxis = 0, endAxis = -1): Tensor<D> {
    return ops.flatten(this, startAxis, endAxis);
  }

  /** `x` with the order of its elements reversed along `axis`, by default along all axes. */
  flip(axis?: Axis): Tensor<D> {
    return ops.flip(this, axis);
  }

  /** Rounds each element down to a whole number. */
  floor(): Tensor<D> {
    return ops.floor<D>(this);
  }

  /** `⌊a / b⌋`, rounded towards minus infinity. */
  floorDivide<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.floorDivide<Tensor<D>, B>(this, other);
  }

  /** Picks one element of `x` along `axis` for every element of `indices`, as PyTorch's gather. */
  gather(indices: Tensor, axis = -1): Tensor<D> {
    return ops.gather(this, indices, axis);
  }

  /** Whether `a > b`, element by element with broadcasting. */
  greater(other: Input): Tensor<"bool"> {
    return ops.greater(this, other);
  }

  /** Whether `a ≥ b`, element by element with broadcasting. */
  greaterEqual(other: Input): Tensor<"bool"> {
    return ops.greaterEqual(this, other);
  }

  /** Whether each element is neither NaN nor infinite. */
  isFinite(): Tensor<"bool"> {
    return ops.isFinite(this);
  }

  /** Whether each element is Infinity or -Infinity. */
  isInf(): Tensor<"bool"> {
    return ops.isInf(this);
  }

  /** Whether each element is NaN. */
  isNaN(): Tensor<"bool"> {
    return ops.isNaN(this);
  }

  /** Whether `a < b`, element by element with broadcasting. */
  less(other: Input): Tensor<"bool"> {
    return ops.less(this, other);
  }

  /** Whether `a ≤ b`, element by element with broadcasting. */
  lessEqual(other: Input): Tensor<"bool"> {
    return ops.lessEqual(this, other);
  }

  /** The natural logarithm of each element; -Infinity at 0 and NaN below. */
  log(): Tensor<FloatOf<D>> {
    return ops.log<D>(this);
  }

  /** The logarithm to base 10 of each element. */
  log10(): Tensor<FloatOf<D>> {
    return ops.log10<D>(this);
  }

  /** `ln(1 + x)`, exact for small x. */
  log1p(): Tensor<FloatOf<D>> {
    return ops.log1p<D>(this);
  }

  /** The logarithm to base 2 of each element. */
  log2(): Tensor<FloatOf<D>> {
    return ops.log2<D>(this);
  }

  logSoftmax(axis = -1): Tensor<FloatOf<D>> {
    return ops.logSoftmax(this, axis);
  }

  logSumExp(axis?: Axis, options?: ReduceOptions): Tensor<D> {
    return ops.logSumExp(this, axis, options);
  }

  /** Whether both elements are true (not zero). */
  logicalAnd(other: Input): Tensor<"bool"> {
    return ops.logicalAnd(this, other);
  }

  /** Whether each element is false (zero). */
  logicalNot(): Tensor<"bool"> {
    return ops.logicalNot(this);
  }

  /** Whether one element at least is true (not zero). */
  logicalOr(other: Input): Tensor<"bool"> {
    return ops.logicalOr(this, other);
  }

  /** Whether exactly one element is true (not zero). */
  logicalXor(other: Input): Tensor<"bool"> {
    return ops.logicalXor(this, other);
  }

  /** `x` with `value` where `mask` is true. */
  maskedFill(mask: Tensor, value: number): Tensor<D> {
    return ops.maskedFill(this, mask, value);
  }

  /** The parts of `x` where `mask` is true, in row-major order. */
  maskedSelect(mask: Tensor): Promise<Tensor<D>> {
    return ops.maskedSelect(this, mask);
  }

  /** The matrix product. */
  matmul<B extends DType>(b: Tensor<B>): Tensor<Promote<D, B>> {
    return ops.matmul(this, b);
  }

  /** The largest element over `axis` (one, several, or all axes when left out); NaN wins. */
  max(axis?: Axis, options?: ReduceOptions): Tensor<D> {
    return ops.max(this, axis, options);
  }

  /** The larger of `a` and `b`, element by element; NaN wins. */
  maximum<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.maximum<Tensor<D>, B>(this, other);
  }

  /** The arithmetic mean over `axis` (one, several, or all axes when left out); NaN of nothing. */
  mean(axis?: Axis, options?: ReduceOptions): Tensor<D> {
    return ops.mean(this, axis, options);
  }

  /** The smallest element over `axis` (one, several, or all axes when left out); NaN wins. */
  min(axis?: Axis, options?: ReduceOptions): Tensor<D> {
    return ops.min(this, axis, options);
  }

  /** The smaller of `a` and `b`, element by element; NaN wins. */
  minimum<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.minimum<Tensor<D>, B>(this, other);
  }

  /** `x` with the axes `source` moved to the positions `destination` of the result; the other axes keep their order. */
  moveaxis(source: Axis, destination: Axis): Tensor<D> {
    return ops.moveaxis(this, source, destination);
  }

  /** `a · b`, element by element with broadcasting; bool multiplies as "and". */
  mul<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.mul<Tensor<D>, B>(this, other);
  }

  /** `-x` for each element. */
  neg(): Tensor<D> {
    return ops.neg<D>(this);
  }

  /** Where `x` is not zero. */
  nonzero(): Promise<Tensor<"int32">> {
    return ops.nonzero(this);
  }

  /** Whether `a ≠ b`, element by element with broadcasting. */
  notEqual(other: Input): Tensor<"bool"> {
    return ops.notEqual(this, other);
  }

  /** A new last axis of `classes` elements. */
  oneHot<E extends DType = "float32">(classes: number, dtype?: E): Tensor<E> {
    return ops.oneHot(this, classes, dtype);
  }

  /** `x` surrounded by `value`. */
  pad(widths: readonly (readonly [before: number, after: number])[], value = 0): Tensor<D> {
    return ops.pad(this, widths, value);
  }

  /** `x` with its axes in another order. */
  permuteDims(axes: readonly number[]): Tensor<D> {
    return ops.permuteDims(this, axes);
  }

  /** `a` to the power `b`, element by element with broadcasting, as C's pow. */
  pow<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.pow<Tensor<D>, B>(this, other);
  }

  /** The product over `axis` (one, several, or all axes when left out); 1 of nothing. */
  prod(axis?: Axis, options?: ReduceOptions): Tensor<TotalOf<D>> {
    return ops.prod(this, axis, options);
  }

  /** `1 / x` for each element. */
  reciprocal(): Tensor<FloatOf<D>> {
    return ops.reciprocal<D>(this);
  }

  /** The rectified linear unit `max(x, 0)` of each element; relu'(0) = 0 as in PyTorch, NaN stays NaN. */
  relu(): Tensor<D> {
    return ops.relu<D>(this);
  }

  /** The rest of `a / b` with the sign of `b`, as Python's `%`. */
  remainder<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.remainder<Tensor<D>, B>(this, other);
  }

  /** `x` with each slice along `axis` repeated in place. */
  repeat(repeats: number | readonly number[], axis?: number): Tensor<D> {
    return ops.repeat(this, repeats, axis);
  }

  /** The elements of `x` in row-major order with another shape. */
  reshape(shape: readonly number[]): Tensor<D> {
    return ops.reshape(this, shape);
  }

  /** `x` with its elements moved on by `shift` along `axis`, those beyond the end back to the start. */
  roll(shift: number | readonly number[], axis?: Axis): Tensor<D> {
    return ops.roll(this, shift, axis);
  }

  /** Rounds each element to the nearest whole number, halves to the even one. */
  round(): Tensor<D> {
    return ops.round<D>(this);
  }

  /** `x` with each element of `source` added at the position that `indices` names along `axis`. */
  scatterAdd(indices: Tensor, source: Tensor, axis = -1): Tensor<D> {
    return ops.scatterAdd(this, indices, source, axis);
  }

  /** The logistic function `σ(x) = 1 / (1 + e⁻ˣ)`; σ' = σ (1 - σ). */
  sigmoid(): Tensor<FloatOf<D>> {
    return ops.sigmoid<D>(this);
  }

  /** -1, 0 or 1 by the sign of each element; NaN stays NaN. */
  sign(): Tensor<D> {
    return ops.sign<D>(this);
  }

  /** The sine of each element, in radians. */
  sin(): Tensor<FloatOf<D>> {
    return ops.sin<D>(this);
  }

  /** The hyperbolic sine of each element. */
  sinh(): Tensor<FloatOf<D>> {
    return ops.sinh<D>(this);
  }

  /** Turns scores into probabilities along `axis`. */
  softmax(axis = -1): Tensor<FloatOf<D>> {
    return ops.softmax(this, axis);
  }

  /** `ln(1 + eˣ)`, a smooth ReLU; softplus' = sigmoid. */
  softplus(): Tensor<FloatOf<D>> {
    return ops.softplus<D>(this);
  }

  sort(options: SortOptions = {}): Tensor<D> {
    return ops.sort(this, options);
  }

  /** Cuts `x` along `axis` into consecutive parts, each a view. */
  split(sizesOrSections: number | readonly number[], axis = 0): Tensor<D>[] {
    return ops.split(this, sizesOrSections, axis);
  }

  /** The square root of each element; NaN below 0. */
  sqrt(): Tensor<FloatOf<D>> {
    return ops.sqrt<D>(this);
  }

  /** `x²` for each element. */
  square(): Tensor<D> {
    return ops.square<D>(this);
  }

  /** `x` without the named axes, by default without all axes of extent 1. */
  squeeze(axis?: Axis): Tensor<D> {
    return ops.squeeze(this, axis);
  }

  std(axis?: Axis, options?: VarianceOptions): Tensor<D> {
    return ops.std(this, axis, options);
  }

  /** The unit step. */
  step(): Tensor<D> {
    return ops.step<D>(this);
  }

  /** `a - b`, element by element with broadcasting. */
  sub<B extends Input>(other: B): Tensor<With<D, B>> {
    return ops.sub<Tensor<D>, B>(this, other);
  }

  /** The sum over `axis` (one, several, or all axes when left out). */
  sum(axis?: Axis, options?: ReduceOptions): Tensor<TotalOf<D>> {
    return ops.sum(this, axis, options);
  }

  /** Picks whole slices of `x` along `axis`, one for every element of `indices`. */
  take(indices: Tensor, axis = 0): Tensor<D> {
    return ops.take(this, indices, axis);
  }

  /** The tangent of each element, in radians; tan' = 1 + tan². */
  tan(): Tensor<FloatOf<D>> {
    return ops.tan<D>(this);
  }

  /** The hyperbolic tangent of each element; tanh' = 1 - tanh². */
  tanh(): Tensor<FloatOf<D>> {
    return ops.tanh<D>(this);
  }

  /** Copies of `x` side by side, `repetitions[axis]` of them along each axis. */
  tile(repetitions: readonly number[]): Tensor<D> {
    return ops.tile(this, repetitions);
  }

  /** The `k` largest (or smallest) elements along an axis and their positions, the best first. */
  topk(k: number, options: TopkOptions = {}): Topk<D> {
    return ops.topk(this, k, options);
  }

  trace(offset = 0): Tensor<TotalOf<D>> {
    return ops.trace(this, offset);
  }

  /** `x` with two axes exchanged, by default the last two. */
  transpose(axisA = -2, axisB = -1): Tensor<D> {
    return ops.transpose(this, axisA, axisB);
  }

  /** Each matrix of the last two axes with 0 everywhere but on and below diagonal `k`. */
  tril(k = 0): Tensor<D> {
    return ops.tril(this, k);
  }

  /** Each matrix of the last two axes with 0 everywhere but on and above diagonal `k`. */
  triu(k = 0): Tensor<D> {
    return ops.triu(this, k);
  }

  /** Rounds each element towards zero. */
  trunc(): Tensor<D> {
    return ops.trunc<D>(this);
  }

  unstack(axis = 0): Tensor<D>[] {
    return ops.unstack(this, axis);
  }

  /** The variance over `axis` (one, several, or all axes when left out). */
  variance(axis?: Axis, options?: VarianceOptions): Tensor<D> {
    return ops.variance(this, axis, options);
  }
  // </generated methods>
}

// Tells two copies of core apart.
Object.defineProperty(Tensor.prototype, brand, { value: thisCopy });
// console.log in Node shows the elements.
Object.defineProperty(Tensor.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: formatThis,
});

function formatThis(this: Tensor): string {
  return formatTensor(this);
}

setTensorClass(Tensor);
