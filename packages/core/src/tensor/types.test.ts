// Types are facts of the compiler: `tsc --noEmit` fails when one of these does not hold.

import { beforeAll, describe, expectTypeOf, it } from "vitest";
import {
  add,
  arange,
  assign,
  type DType,
  div,
  full,
  grad,
  type NestedArray,
  setBackend,
  type Tensor,
  tensor,
  valueAndGrad,
  where,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("the type of a tensor", () => {
  const float32 = (): Tensor<"float32"> => tensor([1]);
  const int32 = (): Tensor<"int32"> => tensor(new Int32Array([1]));

  it("knows the dtype of its data", () => {
    expectTypeOf(tensor([1])).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(tensor([[1, 2]])).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(tensor(3)).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(tensor([true, false])).toEqualTypeOf<Tensor<"bool">>();
    expectTypeOf(tensor(new Int32Array(1))).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(tensor(new Uint8Array(1))).toEqualTypeOf<Tensor<"uint8">>();
    expectTypeOf(tensor(new Float64Array(1))).toEqualTypeOf<Tensor<"float64">>();
    expectTypeOf(tensor([1], { dtype: "int32" })).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(tensor(int32())).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(zeros([1])).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(zeros([1], { dtype: "bool" })).toEqualTypeOf<Tensor<"bool">>();
    expectTypeOf(full([1], 2)).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(full([1], true)).toEqualTypeOf<Tensor<"bool">>();
    expectTypeOf(full([1], 2, { dtype: "uint8" })).toEqualTypeOf<Tensor<"uint8">>();
    expectTypeOf(arange(3)).toEqualTypeOf<Tensor<DType>>();
  });

  it("promotes", () => {
    expectTypeOf(int32().add(float32())).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(add(int32(), tensor([true]))).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(int32().matmul(tensor(new Float64Array(1)))).toEqualTypeOf<Tensor<"float64">>();
    expectTypeOf(float32().add(1)).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(int32().add(1)).toEqualTypeOf<Tensor<"int32" | "float32">>();
    expectTypeOf(where(tensor([true]), int32(), float32())).toEqualTypeOf<Tensor<"float32">>();
  });

  it("follows divisions, float functions, totals, comparisons and conversions", () => {
    expectTypeOf(div(int32(), int32())).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(int32().exp()).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(tensor([true]).sum()).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(float32().less(int32())).toEqualTypeOf<Tensor<"bool">>();
    expectTypeOf(float32().equal(0)).toEqualTypeOf<Tensor<"bool">>();
    expectTypeOf(float32().argmax()).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(float32().astype("uint8")).toEqualTypeOf<Tensor<"uint8">>();
    expectTypeOf(int32().reshape([1, 1]).mT.at(0)).toEqualTypeOf<Tensor<"int32">>();
    expectTypeOf(assign(float32(), float32())).toEqualTypeOf<Tensor<"float32">>();
  });

  it("decides what reading returns", () => {
    expectTypeOf(float32().data()).resolves.toEqualTypeOf<Float32Array>();
    expectTypeOf(int32().data()).resolves.toEqualTypeOf<Int32Array>();
    expectTypeOf(tensor([true]).dataSync()).toEqualTypeOf<Uint8Array>();
    expectTypeOf(tensor(new Float64Array(1)).dataSync()).toEqualTypeOf<Float64Array>();
    expectTypeOf(float32().item()).resolves.toEqualTypeOf<number>();
    expectTypeOf(tensor([true]).itemSync()).toEqualTypeOf<boolean>();
    expectTypeOf(float32().array()).resolves.toEqualTypeOf<NestedArray>();
    expectTypeOf(float32().grad).toEqualTypeOf<Tensor<"float32"> | null>();
  });

  it("is taken wherever any tensor is", () => {
    expectTypeOf(float32()).toExtend<Tensor>();
    expectTypeOf(int32().shape).toEqualTypeOf<readonly number[]>();
  });

  it("of gradients is that of the arguments: a descent stays in its dtype", () => {
    const f = (x: Tensor, y: Tensor): Tensor => x.square().add(y).sum();
    let z = float32();
    z = z.sub(grad(f)(z, int32()).mul(0.1));
    expectTypeOf(grad(f)(z, int32())).toEqualTypeOf<Tensor<"float32">>();
    const y = tensor(new Float64Array(1));
    const [dx, dy] = grad(f, { argnums: [0, 1] })(z, y);
    expectTypeOf(dx).toEqualTypeOf<Tensor<"float32">>();
    expectTypeOf(dy).toEqualTypeOf<Tensor<"float64">>();
    expectTypeOf(valueAndGrad(f)(z, y)).toEqualTypeOf<[Tensor, Tensor<"float32">]>();
  });

  it("of gradients is one tensor for one position and an array for several", () => {
    const f = (x: Tensor, y: Tensor, scale: number): Tensor => x.mul(y).mul(scale).sum();
    expectTypeOf(grad(f)).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(grad(f)).parameters.toEqualTypeOf<[Tensor, Tensor, number]>();
    expectTypeOf(grad(f, { argnums: [0, 1] })).returns.toEqualTypeOf<[Tensor, Tensor]>();
    expectTypeOf(valueAndGrad(f, { argnums: 1 })).returns.toExtend<[Tensor, Tensor]>();
    const positions: readonly number[] = [0, 1];
    expectTypeOf(grad(f, { argnums: positions })).returns.toExtend<Tensor[]>();
  });
});
