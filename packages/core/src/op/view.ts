// View operations: the result shares the storage of its operand and differs in layout only.

import { type Layout, layout } from "@chainrule/kernel";
import { applyView, ensureTensor } from "../engine/apply.js";
import { InternalError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import {
  type Attrs,
  type BatchRule,
  definePrimitive,
  type Primitive,
  type TensorSpec,
  type Vjp,
} from "./primitive.js";

/** How a view sees the storage of its operand. */
export interface View {
  readonly layout: Layout;
  /** Elements between the first element of the operand and that of the view. */
  readonly offset: number;
}

/** The definition of a view operation. */
export interface ViewDefinition<A extends Attrs> {
  readonly name: string;
  /** The view of an operand in `source`. */
  readonly view: (source: Layout, attrs: A) => View;
  readonly vjp: Vjp<A>;
  readonly batch: BatchRule<A>;
}

/** A view operation as a function. */
export interface ViewOp<A extends Attrs> {
  (x: Tensor, attrs: A): Tensor;
  readonly primitive: Primitive<A>;
}

/** Defines a view operation; views of the same layout with the same attributes are made once. */
export function defineView<A extends Attrs>(definition: ViewDefinition<A>): ViewOp<A> {
  const primitive: Primitive<A> = definePrimitive<A, [TensorSpec]>({
    name: definition.name,
    infer: ([{ layout: source, dtype }], attrs) => ({
      shape: definition.view(source, attrs).layout.shape,
      dtype,
    }),
    lower: () => {
      throw new InternalError(definition.name, "views are not lowered", {
        expected: "a change of layout",
        got: "a call of lower",
      });
    },
    vjp: [definition.vjp],
    saves: "nothing",
    batch: definition.batch,
  });
  const cache = new Map<string | number, Map<number, View>>();
  const run = (x: Tensor, attrs: A): Tensor => {
    ensureTensor(definition.name, x);
    let views = cache.get(attrs.key);
    if (views === undefined) {
      if (cache.size >= capacity) cache.clear();
      views = new Map();
      cache.set(attrs.key, views);
    }
    let view = views.get(x.layout.id);
    if (view === undefined) {
      view = definition.view(x.layout, attrs);
      if (views.size >= capacity) views.clear();
      views.set(x.layout.id, view);
    }
    return applyView(primitive, x, view.layout, x.offset + view.offset, attrs);
  };
  return Object.assign(run, { primitive });
}

/** Attribute keys, and layouts per key, remembered before they are forgotten. */
const capacity = 1 << 12;

/** A view that starts where its operand starts. */
export function viewOf(shape: readonly number[], strides: readonly number[], offset = 0): View {
  return { layout: layout(shape, strides), offset };
}
