import { formatValue, IndexError, ValueError } from "@chainrule/core";
import { ensureThisCopy } from "../copies.js";
import { type AnyModule, Module } from "../module.js";

/** The inputs of the first of `Layers`. */
export type InputsOf<Layers extends readonly AnyModule[]> =
  Layers[0] extends Module<infer In, unknown> ? In : never;

/** The output of the last of `Layers`. */
export type OutputOf<Layers extends readonly AnyModule[]> = Layers extends readonly [
  ...AnyModule[],
  infer Last extends AnyModule,
]
  ? ReturnType<Last["forward"]>
  : ReturnType<Layers[number]["forward"]>;

/** The module at position `I`; one of them when `I` is not known, or counts from the end. */
export type LayerAt<
  Layers extends readonly AnyModule[],
  I extends number,
> = `${I}` extends keyof Layers ? Layers[I] : Layers[number];

/**
 * Feeds its input through modules, one after the other.
 *
 * `y = layer_n(… layer_1(layer_0(x)))`
 *
 * The modules are its properties 0, 1, 2, …, so parameters are named as in PyTorch: `0.weight`.
 *
 * Throws: {@link ValueError} when made of nothing, or of something that is not a module.
 *
 * @example
 * const model = new Sequential(new Linear(2, 4), new ReLU(), new Linear(4, 1));
 * Object.keys(model.stateDict()) // => ["0.weight", "0.bias", "2.weight", "2.bias"]
 */
export class Sequential<
  const Layers extends readonly AnyModule[] = readonly Module[],
> extends Module<InputsOf<Layers>, OutputOf<Layers>> {
  readonly [index: number]: Layers[number];
  /** The number of modules. */
  readonly length: number;

  constructor(...layers: Layers) {
    super();
    ensureModules(layers);
    this.length = layers.length;
    Object.assign(this, layers);
  }

  forward(...inputs: InputsOf<Layers>): OutputOf<Layers> {
    const layers = this as unknown as Readonly<Record<number, Module<unknown[], unknown>>>;
    let output = layers[0]?.forward(...inputs);
    for (let i = 1; i < this.length; i++) output = layers[i]?.forward(output);
    return output as OutputOf<Layers>;
  }

  /** The module at `index`; negative counts from the end. Throws: {@link IndexError}. */
  at<I extends number>(index: I): LayerAt<Layers, I> {
    const layer = this[index < 0 ? index + this.length : index];
    if (layer !== undefined) return layer as LayerAt<Layers, I>;
    throw new IndexError("Sequential.at", "the index must be of a module", {
      expected: `a whole number from ${-this.length} to ${this.length - 1}`,
      got: String(index),
    });
  }

  *[Symbol.iterator](): Generator<Layers[number], void, undefined> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

function ensureModules(layers: readonly unknown[]): void {
  const stranger = layers.find((layer) => !(layer instanceof Module));
  if (layers.length > 0 && stranger === undefined) return;
  if (typeof stranger === "object" && stranger !== null) ensureThisCopy("Sequential", stranger);
  throw new ValueError("Sequential", "a sequence is made of modules", {
    expected: "one module or more",
    got: layers.length === 0 ? "none" : formatValue(stranger),
    fix:
      typeof stranger === "function"
        ? "Use the module form of a function, e.g. new ReLU(), and make layers with new."
        : "Spread an array of modules: new Sequential(...layers).",
  });
}
