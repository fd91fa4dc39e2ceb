// Where the tensors are that a call is about: its arguments, what is captured, and their gradients.

import type { Storage } from "../engine/storage.js";
import { InternalError } from "../errors.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Owner, Source } from "./record.js";
import { spanOf } from "./span.js";

/** The tensors of the call that is being made. */
export class Sources {
  /** Those among the arguments, in order. */
  readonly leaves: Tensor[] = [];

  tensorOf(owner: Owner): Tensor {
    return typeof owner === "number" ? (this.leaves[owner] as Tensor) : owner;
  }

  gradientOf(owner: Owner): Tensor {
    const gradient = this.tensorOf(owner).grad;
    if (gradient === null) throw goneError();
    return gradient;
  }

  storageOf(source: Source): Storage {
    if (source.kind === "storage") return source.storage;
    if (source.kind === "argument") return (this.leaves[source.leaf] as Tensor).storage;
    return this.gradientOf(source.of).storage;
  }

  /** Where in its storage the buffer of the program begins: an argument may be a part of an array. */
  startOf(source: Source): number {
    if (source.kind !== "argument") return 0;
    const x = this.leaves[source.leaf] as Tensor;
    return x.layout.contiguous ? x.offset : x.offset - spanOf(x).before;
  }
}

/** The error for a buffer that a recording promised. */
export function goneError(): InternalError {
  return new InternalError("compile", "buffers of a program must be there", {
    expected: "a buffer",
    got: "none",
  });
}
