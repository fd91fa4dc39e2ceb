// Lets the engine make tensors without importing the class, whose methods import the operations,
// which import the engine: tensor.ts hands over its constructor once.

import type { Layout } from "@chainrule/kernel";
import type { Tensor } from "../tensor/tensor.js";
import type { Storage } from "./storage.js";
import { tracer } from "./tracer.js";

/** Every tensor carries the copy of core it comes from under this symbol. */
export const brand: unique symbol = Symbol.for("@chainrule/core");

/** This copy of core: an identity, since bundled copies can share a location. */
export const thisCopy: { readonly location: string } = { location: import.meta.url };

/** The copy of core that made `value`, if it is a tensor. */
export function copyOf(value: unknown): typeof thisCopy | undefined {
  return (value as { readonly [brand]?: typeof thisCopy } | null | undefined)?.[brand];
}

type TensorConstructor = new (storage: Storage, layout: Layout, offset: number) => Tensor;

let construct: TensorConstructor;

/** Called once, by the module that defines the class. */
export function setTensorClass(tensorClass: TensorConstructor): void {
  construct = tensorClass;
}

/** A tensor that sees `storage` through `layout` from element `offset` on. */
export function makeTensor(storage: Storage, layout: Layout, offset: number): Tensor {
  const tensor = new construct(storage, layout, offset);
  tracer?.born(tensor);
  return tensor;
}
