// A node of the tape: one recorded operation, as data, so that it can be walked and inspected.

import type { DType } from "@chainrule/kernel";
import { GradientError } from "../errors.js";
import type { Attrs, Input, InputSpec, Primitive, Saved, TensorSpec } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";

/** Where the gradient of an operand goes: to the node that made it, to a leaf, or nowhere. */
export type Edge = Node | Tensor | null;

/** Grows with every node, so descending order is a valid order for the backward pass. */
export let nextSequence = 0;

/** A recorded operation. */
export class Node {
  readonly op: Primitive;
  readonly attrs: Attrs;
  readonly edges: readonly Edge[];
  readonly specs: readonly InputSpec[];
  readonly sequence: number;
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Set once its saved tensors have been released. */
  released = false;
  #inputs: readonly Input[] | null;
  #output: Tensor | null;
  #inputVersions: number[] | null;
  #outputVersion = 0;

  constructor(
    op: Primitive<never>,
    attrs: Attrs,
    edges: readonly Edge[],
    specs: readonly InputSpec[],
    inputs: readonly Input[],
    output: Tensor,
  ) {
    this.op = op as unknown as Primitive;
    this.attrs = attrs;
    this.edges = edges;
    this.specs = specs;
    this.sequence = nextSequence++;
    this.shape = output.layout.shape;
    this.dtype = output.storage.dtype;
    const saves = op.saves;
    const keepsInputs = saves === "inputs" || saves === "both";
    this.#inputs = keepsInputs ? inputs : null;
    this.#inputVersions = keepsInputs ? inputs.map(versionOf) : null;
    this.#output = null;
    if (saves === "output" || saves === "both") {
      this.#output = output;
      this.#outputVersion = output.storage.version;
    }
  }

  /** What the derivative of operand `index` may look at. */
  saved(index: number): Saved<Attrs> {
    return new SavedView(this, index);
  }

  /** The saved operands. Throws: {@link GradientError} when one was written to since. */
  inputs(): readonly Input[] {
    const inputs = this.#inputs;
    if (inputs === null) throw this.#missing("inputs");
    for (let i = 0; i < inputs.length; i++) this.input(i);
    return inputs;
  }

  /** One saved operand. Throws: {@link GradientError} when it was written to since. */
  input(index: number): Input {
    const input = this.#inputs?.[index];
    if (input === undefined) throw this.#missing("inputs");
    if (typeof input === "object" && input.storage.version !== this.#inputVersions?.[index]) {
      throw this.#stale(input, `operand ${index}`);
    }
    return input;
  }

  /** The saved result. Throws: {@link GradientError} when it was written to since. */
  output(): Tensor {
    const output = this.#output;
    if (output === null) throw this.#missing("output");
    if (output.storage.version !== this.#outputVersion) throw this.#stale(output, "the result");
    return output;
  }

  /** Lets go of the saved tensors. */
  release(): void {
    this.released = true;
    this.#inputs = null;
    this.#inputVersions = null;
    this.#output = null;
  }

  #stale(saved: Tensor, what: string): GradientError {
    return new GradientError("backward", "saved tensors must be unchanged", {
      expected: `${what} of ${this.op.name}, shape [${saved.shape.join(", ")}], as it was saved`,
      got: `one overwritten by ${saved.storage.writer} since`,
      fix: `Call backward() before ${saved.storage.writer}, or use a copy in the forward pass.`,
    });
  }

  #missing(what: string): GradientError {
    return new GradientError("backward", "a graph can be walked once", {
      expected: `the saved ${what} of ${this.op.name}`,
      got: this.released ? "a graph that an earlier backward() released" : "nothing saved",
      fix: "Pass { retainGraph: true } to the earlier call to walk it again.",
    });
  }
}

class SavedView implements Saved<Attrs> {
  readonly #node: Node;
  readonly index: number;

  constructor(node: Node, index: number) {
    this.#node = node;
    this.index = index;
  }

  get inputs(): readonly Input[] {
    return this.#node.inputs();
  }

  get x(): Tensor {
    return this.#node.input(0) as Tensor;
  }

  get a(): Input {
    return this.#node.input(0);
  }

  get b(): Input {
    return this.#node.input(1);
  }

  get output(): Tensor {
    return this.#node.output();
  }

  get attrs(): Attrs {
    return this.#node.attrs;
  }

  spec(index: number): TensorSpec {
    const { op, specs } = this.#node;
    const spec = specs[index];
    if (spec?.kind === "tensor") return spec;
    throw new TypeError(`[${op.name}] operand ${index} must be a tensor`);
  }
}

function versionOf(input: Input): number {
  return typeof input === "number" ? 0 : input.storage.version;
}
