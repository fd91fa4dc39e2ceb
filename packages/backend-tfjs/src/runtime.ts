// The TensorFlow.js side: which of its backends computes, and scopes that lose no tensor.

import { BackendError } from "@chainrule/core";
import * as tf from "@tensorflow/tfjs-core";

/** One TensorFlow.js backend in use. */
export class Runtime {
  /** The name TensorFlow.js knows it by, such as "cpu". */
  readonly name: string;
  /**
   * Broadcasting costs tfjs-cpu 0.3 µs an element, as it turns every position into a list of indices;
   * repeating the smaller operand first costs a tenth. GPUs broadcast for nothing.
   */
  readonly broadcastsSlowly: boolean;
  /**
   * Only tfjs-cpu convolves [N, C, H, W] in all directions. Its `Conv2DBackpropFilter` takes 60 times
   * as long as the same products written as a convolution.
   */
  readonly convolvesChannelsFirst: boolean;
  #open = true;

  constructor(name: string) {
    this.name = name;
    this.broadcastsSlowly = name === "cpu";
    this.convolvesChannelsFirst = name === "cpu";
  }

  /** Runs `work` on this backend and disposes all tensors it makes, except those it keeps. */
  run<T>(work: () => T): T {
    this.ensureOpen();
    const other = tf.getBackend();
    if (other === this.name) return scoped(work);
    // The promise is about the first start only; this one has been started by `startBackend`.
    void tf.setBackend(this.name);
    try {
      return scoped(work);
    } finally {
      void tf.setBackend(other);
    }
  }

  close(): void {
    this.#open = false;
  }

  /** Throws: {@link BackendError} after {@link Runtime.close}. */
  ensureOpen(): void {
    if (this.#open) return;
    throw new BackendError("tfjs", "a closed backend cannot be used", {
      expected: "an open backend",
      got: "one whose close() was called",
      fix: "Make a new one with await tfjs().",
    });
  }
}

function scoped<T>(work: () => T): T {
  const engine = tf.engine();
  engine.startScope();
  try {
    return work();
  } finally {
    engine.endScope();
  }
}

/**
 * Starts the TensorFlow.js backend `name`; "cpu" is loaded if it is not registered.
 *
 * Throws: {@link BackendError} when it is not there or does not start.
 */
export async function startBackend(name: string): Promise<Runtime> {
  if (tf.findBackendFactory(name) === null && name === "cpu") await loadCpu();
  if (tf.findBackendFactory(name) === null) throw missingError(name);
  const current: string | undefined = tf.getBackend();
  const started = await tf.setBackend(name);
  // What a program computes with TensorFlow.js itself stays where it was.
  if (current !== undefined && current !== name) await tf.setBackend(current);
  if (!started) {
    throw new BackendError("tfjs", "the TensorFlow.js backend must start", {
      expected: `tf.setBackend("${name}") to succeed`,
      got: "false",
      fix: 'Use another one, such as tfjs({ backend: "cpu" }).',
    });
  }
  return new Runtime(name);
}

async function loadCpu(): Promise<void> {
  try {
    await import("@tensorflow/tfjs-backend-cpu");
  } catch {
    throw missingError("cpu");
  }
}

function missingError(name: string): BackendError {
  return new BackendError("tfjs", "the TensorFlow.js backend must be registered", {
    expected: "a registered backend",
    got: `"${name}"`,
    fix: `Install it and write: import "@tensorflow/tfjs-backend-${name}";`,
  });
}
