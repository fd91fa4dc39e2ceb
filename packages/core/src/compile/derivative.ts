// Results that gradients flow through. The backward pass from them is recorded right after the
// function, and becomes a program of its own: what it needs of the function is kept with the result.

import type { BufferHandle, CompiledProgram, DType, Layout, Program } from "@chainrule/kernel";
import { walkBackward } from "../autograd/backward.js";
import { isGradEnabled } from "../autograd/grad-mode.js";
import { type Edge, Node } from "../autograd/node.js";
import { disposedError } from "../engine/apply.js";
import type { Device } from "../engine/device.js";
import { filled } from "../engine/fill.js";
import { specOf } from "../engine/specs.js";
import { Storage } from "../engine/storage.js";
import { makeTensor } from "../engine/tensor-class.js";
import { GradientError } from "../errors.js";
import { noAttrs, type Primitive } from "../op/primitive.js";
import { contiguous } from "../ops/elementwise/contiguous.js";
import type { Tensor } from "../tensor/tensor.js";
import { secondDerivativeError } from "./errors.js";
import type { Owner, Source } from "./record.js";
import type { Trace } from "./trace.js";

/** The backward pass of a recorded function, from some of its results to what they depend on. */
export interface Derivative {
  readonly program: Program;
  /** The buffers of the gradients it starts from, one for each result with a graph. */
  readonly upstream: readonly {
    readonly index: number;
    readonly layout: Layout;
    readonly dtype: DType;
  }[];
  /** Buffers that hold what the function computed, and which of its outputs that is. */
  readonly kept: readonly { readonly index: number; readonly output: number }[];
  /** Buffers of tensors from outside. */
  readonly sources: readonly { readonly index: number; readonly source: Source }[];
  readonly gradients: readonly Gradient[];
  /** For each result which of the gradients it gives; null where none can flow any more. */
  readonly reached: readonly (ReadonlySet<number> | null)[];
}

/** The gradient of a tensor from outside: where it lies in a buffer that the program fills. */
interface Gradient {
  readonly owner: Owner;
  readonly index: number;
  readonly dtype: DType;
  readonly length: number;
  readonly layout: Layout;
  readonly offset: number;
}

/** What the recording of a derivative asks of that of its function. */
export interface Recorder {
  readonly trace: Trace;
  /** Adds an output of the function with the elements of buffer `value`; returns its number. */
  addOutput(value: number): number;
  sourceOf(storage: Storage): Source;
}

/**
 * Records the backward pass from `results` to `targets`, tensors from outside; afterwards the calls of
 * the recording are those of the function again. There is none from results whose graph cannot be
 * walked: the function has done so itself, or has written to what it would need.
 */
export function recordDerivative(
  { trace, addOutput, sourceOf }: Recorder,
  name: string,
  results: readonly Tensor[],
  targets: ReadonlyMap<Tensor, Owner>,
): Derivative | undefined {
  const cut = trace.calls.length;
  const upstream = results.map(({ layout: { shape }, dtype }) =>
    trace.given(shape, dtype, "gradient"),
  );
  const found = new Map<Tensor, Tensor>();
  const reached = results.map((result, i) => {
    const own = walk(result, upstream[i] as Tensor, new Set(targets.keys()));
    if (own === null) return null;
    for (const [target, gradient] of own) {
      const before = found.get(target);
      found.set(target, before === undefined ? gradient : before.add(gradient));
    }
    return own;
  });
  if (!reached.some((own) => own !== null)) {
    trace.calls.length = cut;
    return undefined;
  }
  const buffers = [...trace.buffers];
  const gradients = [...found].map(([target, x]): Gradient => {
    const { dtype, length } = x.storage;
    const index = buffers.push({ role: "output", dtype, length, label: "gradient" }) - 1;
    const owner = targets.get(target) ?? target;
    return { owner, index, dtype, length, layout: x.layout, offset: x.offset };
  });
  const values = [...found.values()].map((x) => trace.valueOf(x.storage));
  const calls = trace.calls.splice(cut);

  // Who made what it reads?
  const ofFunction = new Set(
    trace.calls.flatMap(({ outputs }) => outputs.map(({ buffer }) => buffer)),
  );
  const read = new Set([
    ...calls.flatMap(({ inputs }) => inputs.map(({ buffer }) => buffer)),
    ...values,
  ]);
  const entries = new Map(
    [...trace.entries.values()].map(({ storage, index }) => [index, storage]),
  );
  const drawn = new Set(trace.draws.map(({ index }) => index));
  const kept: { index: number; output: number }[] = [];
  const sources: { index: number; source: Source }[] = [];
  for (const index of read) {
    const storage = entries.get(index);
    const isWritten = storage !== undefined && trace.valueOf(storage) !== index;
    if (ofFunction.has(index) || drawn.has(index) || isWritten) {
      kept.push({ index, output: addOutput(index) });
      const buffer = buffers[index];
      if (buffer !== undefined) buffers[index] = { ...buffer, role: "input" };
    } else if (storage !== undefined) sources.push({ index, source: sourceOf(storage) });
  }
  return {
    program: {
      name: `${name} backward`,
      buffers,
      calls,
      results: gradients.map(({ index }, i) => ({ target: index, value: values[i] ?? 0 })),
    },
    upstream: upstream.map(({ storage, layout, dtype }) => ({
      index: trace.valueOf(storage),
      layout,
      dtype,
    })),
    kept,
    sources,
    gradients,
    reached: reached.map((own) => {
      const order = [...found.keys()];
      return own && new Set(order.flatMap((target, g) => (own.has(target) ? [g] : [])));
    }),
  };
}

/** The gradients of `targets` from `result`; null if its graph cannot be walked. */
function walk(
  result: Tensor,
  upstream: Tensor,
  targets: ReadonlySet<Tensor>,
): ReadonlyMap<Tensor, Tensor> | null {
  const found = new Map<Tensor, Tensor>();
  const collect = (target: Tensor | Node, gradient: Tensor): void => {
    if (target instanceof Node) return;
    const before = found.get(target);
    found.set(target, before === undefined ? gradient : before.add(gradient));
  };
  try {
    walkBackward(result, upstream, targets, collect, { retainGraph: true });
  } catch (error) {
    if (error instanceof GradientError) return null;
    throw error;
  }
  return found;
}

/** What one call left for its backward pass. */
export interface Left {
  readonly kept: readonly Storage[];
  readonly sources: readonly Storage[];
  /** Where the buffer of the program begins in each source. */
  readonly starts: readonly number[];
  /** The versions of the sources at the call. */
  readonly versions: readonly number[];
  readonly owners: readonly Tensor[];
}

/** A recorded backward pass that is ready to run. */
export class BackwardProgram {
  readonly derivative: Derivative;
  readonly #device: Device;
  readonly #program: CompiledProgram;

  constructor(device: Device, derivative: Derivative, program: CompiledProgram) {
    this.#device = device;
    this.derivative = derivative;
    this.#program = program;
  }

  /** Has gradients flow from `output`, result number `index` of a call, to its owners. */
  attach(output: Tensor, index: number, left: Left): void {
    const { owners } = left;
    const reached = this.derivative.reached[index] ?? null;
    if (reached === null) return;
    const edges = owners.map((owner, g): Edge => (reached.has(g) ? (owner.node ?? owner) : null));
    const op = this.#primitive(index, left);
    output.node = new Node(op, noAttrs, edges, owners.map(specOf), [], output);
  }

  dispose(): void {
    this.#program.dispose();
  }

  #primitive(index: number, left: Left): Primitive<never> {
    let upstream: Tensor | undefined;
    let gradients: readonly Tensor[] = [];
    const missing = (): never => {
      throw secondDerivativeError();
    };
    const op: Primitive = {
      id: -1,
      name: this.derivative.program.name,
      infer: missing,
      lower: missing,
      batch: missing,
      saves: "nothing",
      vjp: (gradient, { index: operand }) => {
        if (isGradEnabled()) throw secondDerivativeError();
        if (upstream !== gradient) gradients = this.#run(gradient, index, left);
        upstream = gradient;
        return gradients[operand] ?? null;
      },
    };
    return op as unknown as Primitive<never>;
  }

  #run(
    gradient: Tensor,
    index: number,
    { kept, sources, starts, versions }: Left,
  ): readonly Tensor[] {
    const { derivative } = this;
    const device = this.#device;
    if (sources.some(({ viewers }) => viewers === 0)) throw disposedError(derivative.program.name);
    const bind = (buffer: number, { handle }: Storage, start = 0): void =>
      this.#program.bind(buffer, handle, start);
    for (const [i, { index: buffer }] of derivative.kept.entries()) {
      bind(buffer, kept[i] as Storage);
    }
    for (const [i, { index: buffer }] of derivative.sources.entries()) {
      const storage = sources[i] as Storage;
      if (storage.version !== versions[i]) throw staleError(storage.writer);
      bind(buffer, storage, starts[i]);
    }
    for (const [i, { index: buffer, layout, dtype }] of derivative.upstream.entries()) {
      const given = i === index ? contiguous(gradient) : filled(device, 0, dtype, layout.shape);
      this.#program.bind(buffer, given.storage.handle, given.offset);
    }
    const outputs = derivative.gradients.map(({ index: buffer, dtype, length, layout, offset }) => {
      const handle: BufferHandle = device.backend.allocate(length, dtype);
      this.#program.bind(buffer, handle, 0);
      return makeTensor(new Storage(device, handle, dtype, length), layout, offset);
    });
    this.#program.run();
    return outputs;
  }
}

function staleError(writer: string): GradientError {
  return new GradientError("backward", "what a compiled function read must be unchanged", {
    expected: "its arguments and parameters as they were in the call",
    got: `one overwritten by ${writer} since`,
    fix: "Call backward() before the next update.",
  });
}
