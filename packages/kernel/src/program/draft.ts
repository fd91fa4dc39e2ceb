// A program whose calls are being replaced, with who writes and who reads each buffer kept up to date.

import type { Program, ProgramBuffer, ProgramCall, View } from "./program.js";

/** A program in the making. Calls keep their places: one that goes leaves a hole. */
export class Draft {
  readonly buffers: readonly ProgramBuffer[];
  /** The buffers whose elements become results. */
  readonly results: ReadonlySet<number>;
  readonly #original: Program;
  readonly #calls: (ProgramCall | undefined)[];
  readonly #writers: readonly Set<number>[];
  readonly #readers: readonly Set<number>[];
  #count = 0;

  constructor(program: Program) {
    this.#original = program;
    this.buffers = program.buffers;
    this.results = new Set(program.results.map(({ value }) => value));
    this.#calls = [...program.calls];
    this.#writers = this.buffers.map(() => new Set());
    this.#readers = this.buffers.map(() => new Set());
    for (const place of program.calls.keys()) this.#note(place, true);
  }

  /** How many calls there are. */
  get count(): number {
    return this.#count;
  }

  /** How many places there are. */
  get length(): number {
    return this.#calls.length;
  }

  call(place: number): ProgramCall | undefined {
    return this.#calls[place];
  }

  /** The places of the calls that write to `buffer`. */
  writersOf(buffer: number): number[] {
    return [...(this.#writers[buffer] ?? [])];
  }

  /** The places of the calls that read one of `outputs`, in order. */
  readersOf({ outputs }: { readonly outputs: readonly View[] }): number[] {
    const all = new Set(outputs.flatMap(({ buffer }) => [...(this.#readers[buffer] ?? [])]));
    return [...all].sort((a, b) => a - b);
  }

  /** Puts `call` in a place; undefined for none. */
  put(place: number, call: ProgramCall | undefined): void {
    this.#note(place, false);
    this.#calls[place] = call;
    this.#note(place, true);
  }

  /**
   * Puts `call` in the place of those at `p` and `r`, `p` first. What is between them and needs `p`
   * comes after it then, all else before; false if `r` needs some of the former.
   */
  join(p: number, r: number, call: ProgramCall): boolean {
    const [before, after]: [ProgramCall[], ProgramCall[]] = [[], []];
    const made = new Set(this.#calls[p]?.outputs.map(({ buffer }) => buffer));
    const needed = new Set<number>();
    for (const between of this.#calls.slice(p + 1, r)) {
      if (between === undefined) continue;
      const isLater =
        between.inputs.some(({ buffer }) => made.has(buffer) || needed.has(buffer)) ||
        between.outputs.some(({ buffer }) => needed.has(buffer));
      (isLater ? after : before).push(between);
      if (isLater) for (const { buffer } of between.outputs) needed.add(buffer);
    }
    if (this.#calls[r]?.inputs.some(({ buffer }) => needed.has(buffer))) return false;
    if (after.length === 0) {
      this.put(p, undefined);
      this.put(r, call);
      return true;
    }
    const calls = [...before, call, ...after];
    for (let place = p; place <= r; place++) this.put(place, calls[place - p]);
    return true;
  }

  program(): Program {
    return { ...this.#original, calls: this.#calls.flatMap((call) => call ?? []) };
  }

  /** Adds the call in a place to those that use its buffers, or takes it off. */
  #note(place: number, isThere: boolean): void {
    const call = this.#calls[place];
    if (call === undefined) return;
    this.#count += isThere ? 1 : -1;
    const note = (uses: readonly Set<number>[], { buffer }: View): void => {
      if (isThere) uses[buffer]?.add(place);
      else uses[buffer]?.delete(place);
    };
    for (const view of call.outputs) note(this.#writers, view);
    for (const view of call.inputs) note(this.#readers, view);
  }
}
