// Random numbers by counting: the n-th block of a generator depends on its seed and n alone, so the
// same seed gives the same bits on every backend, engine and run.

import { tracer } from "../engine/tracer.js";
import { formatValue, ValueError } from "../errors.js";
import { threefry } from "./threefry.js";

/** Where a generator stands: enough to continue it exactly. */
export interface GeneratorState {
  readonly seed: number;
  /** Blocks of 64 bits used so far. */
  readonly counter: number;
}

/**
 * A stream of random numbers.
 *
 * @example
 * new Generator(1).permutation(3).length // => 3
 */
export class Generator {
  #seed = 0;
  #counter = 0;

  /** `seed`: a whole number from 0 to 2⁵³ - 1. Throws: ValueError for any other. */
  constructor(seed = 0) {
    this.setState({ seed, counter: 0 });
  }

  /** Where it stands. */
  getState(): GeneratorState {
    return { seed: this.#seed, counter: this.#counter };
  }

  /** Continues from `state`. */
  setState(state: GeneratorState): void {
    tracer?.refuse("a generator that is seeded");
    for (const part of [state.seed, state.counter]) {
      if (Number.isSafeInteger(part) && part >= 0) continue;
      throw new ValueError("Generator", "seed and counter are whole numbers", {
        expected: "0 to 2^53 - 1",
        got: formatValue(part),
      });
    }
    this.#seed = state.seed;
    this.#counter = state.counter;
  }

  /** The two 32-bit words of the seed, as int32: the key of the cipher. */
  get key(): readonly [number, number] {
    return words(this.#seed);
  }

  /** Sets `blocks` of 64 bits aside and returns the number of the first. */
  reserve(blocks: number): number {
    tracer?.refuse("random numbers that are drawn on the host");
    const first = this.#counter;
    this.#counter += blocks;
    return first;
  }

  /** `n` random 32-bit integers. */
  bits(n: number): Int32Array {
    const blocks = Math.ceil(n / 2);
    const first = this.reserve(blocks);
    const [k0, k1] = this.key;
    const out = new Int32Array(blocks * 2);
    for (let block = 0; block < blocks; block++) {
      const [c0, c1] = words(first + block);
      threefry(k0, k1, c0, c1, out, block * 2);
    }
    return out.subarray(0, n);
  }

  /** `n` numbers evenly distributed in [0, 1), multiples of 2⁻²⁴: exact in float32. */
  uniform(n: number): Float32Array {
    return Float32Array.from(this.bits(n), (word) => (word >>> 8) * 2 ** -24);
  }

  /** `n` numbers evenly distributed in [0, 1), multiples of 2⁻⁵³. */
  uniform64(n: number): Float64Array {
    const bits = this.bits(2 * n);
    return Float64Array.from({ length: n }, (_, i) => {
      const high = (bits[2 * i] ?? 0) >>> 5;
      const low = (bits[2 * i + 1] ?? 0) >>> 6;
      return (high * 2 ** 26 + low) * 2 ** -53;
    });
  }

  /** The numbers 0 to n - 1 in random order (Fisher and Yates). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    const choices = this.uniform64(Math.max(0, n - 1));
    for (let i = n - 1; i > 0; i--) {
      const j = Math.floor((choices[i - 1] ?? 0) * (i + 1));
      const kept = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = kept;
    }
    return order;
  }

  /** A generator whose stream is independent of this one's continuation. */
  fork(): Generator {
    const [high = 0, low = 0] = this.bits(2);
    return new Generator((high >>> 11) * 2 ** 32 + (low >>> 0));
  }
}

/** The low and the high 32 bits of a whole number, as int32. */
export function words(n: number): [low: number, high: number] {
  return [(n % 2 ** 32) | 0, Math.floor(n / 2 ** 32) | 0];
}

const shared = new Generator(0);

/** The generator that is used where none is given. */
export function defaultGenerator(): Generator {
  return shared;
}

/**
 * Starts the default generator anew from `seed`. Without a call it starts from 0: programs are
 * reproducible unless they ask for another seed.
 */
export function manualSeed(seed: number): void {
  shared.setState({ seed, counter: 0 });
}
