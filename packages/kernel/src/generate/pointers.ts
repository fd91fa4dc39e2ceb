// Addresses while loops are being printed: where each access stands at the current depth, and the
// variables that move along with the loops.

import { immediate, type Steps } from "./address.js";
import { atom, type Code, type Language, type NestNames, type Pointer } from "./language.js";
import type { Access, Level, LoopNest } from "./loop-nest.js";

/** What a loop declares for the accesses that it moves. */
export interface Moves {
  readonly pointers: readonly Pointer[];
  /** Sums that stay the same for a turn. */
  readonly fixed: readonly { readonly name: string; readonly value: Code }[];
}

/** Keeps the address of every access, as code. */
export class Pointers {
  readonly #nest: LoopNest;
  readonly #language: Language;
  readonly #names: NestNames;
  readonly #variables = new Map<Access, string>();
  #current = new Map<Access, Code>();

  constructor(nest: LoopNest, language: Language, names: NestNames) {
    this.#nest = nest;
    this.#language = language;
    this.#names = names;
    const seen = new Map<number, number>();
    for (const access of [...nest.loads.values(), ...nest.stores]) {
      // A second element of the same operand is told apart by a letter.
      const twin = seen.get(access.operand) ?? 0;
      seen.set(access.operand, twin + 1);
      const letter = twin === 0 ? "" : twin < 26 ? String.fromCharCode(97 + twin) : `z${twin}`;
      this.#variables.set(access, `${names.array(access.operand)}${letter}_at`);
    }
  }

  /** Places all accesses outside of all loops; what must be declared there. */
  start(): { name: string; value: Code }[] {
    const declared: { name: string; value: Code }[] = [];
    for (const [access, variable] of this.#variables) {
      const offset = this.#names.offset(access.operand);
      const value = this.#sum(offset, this.steps(access, access.address.base));
      const name = `${variable}_from`;
      const moved = value.text !== offset.text;
      if (moved) declared.push({ name, value });
      this.#current.set(access, moved ? atom(name) : offset);
    }
    return declared;
  }

  /**
   * Moves the accesses to inside the loop over `axis` while `body` runs. A step of one element is
   * added to the index where it is used, if that is in this very loop; other steps need a pointer.
   */
  inside(axis: number, body: (moves: Moves) => void): void {
    const outside = this.#current;
    this.#current = new Map(outside);
    const pointers: Pointer[] = [];
    const fixed: { name: string; value: Code }[] = [];
    // Elements of one operand that move alike share a pointer.
    const known = new Map<string, string>();
    for (const [access, from] of outside) {
      const steps = access.address.axes.get(axis);
      if (steps === undefined) continue;
      const one = immediate(steps) === 1;
      const moved = this.#sum(from, atom(`i${axis}`));
      if (one && this.#innermost(access) === axis) {
        this.#current.set(access, moved);
        continue;
      }
      const step = this.steps(access, steps);
      const key = `${from.text}, ${step.text}`;
      const name = known.get(key) ?? `${this.#variables.get(access)}${axis}`;
      this.#current.set(access, atom(name));
      if (known.has(key)) continue;
      known.set(key, name);
      if (one) fixed.push({ name, value: moved });
      else pointers.push({ name, from, step });
    }
    body({ pointers, fixed });
    this.#current = outside;
  }

  /** The address of `access`; `lane` positions further along `axis`; `print` prints its odd terms. */
  address(
    access: Access,
    lane: number,
    axis: number | undefined,
    print: (term: Access["address"]["rest"][number]["expr"]) => Code,
  ): Code {
    let address = this.#current.get(access) ?? this.#language.literal(0, "int32");
    const across = axis === undefined ? undefined : access.address.axes.get(axis);
    if (lane > 0 && across !== undefined)
      address = this.#sum(address, this.times(this.steps(access, across), lane));
    for (const term of access.address.rest)
      address = this.#sum(address, this.#product(print(term.expr), this.steps(access, term.steps)));
    return address;
  }

  steps(access: Access, steps: Steps): Code {
    let sum = this.#language.literal(steps.constant, "int32");
    for (const [dim, times] of steps.strides)
      sum = this.#sum(sum, this.times(this.#names.stride(access.operand, dim), times));
    return sum;
  }

  times(code: Code, times: number): Code {
    return this.#product(code, this.#language.literal(times, "int32"));
  }

  /** The axis of the innermost loop that moves `access`. */
  #innermost(access: Access): number | undefined {
    const { levels } = this.#nest;
    const stages = levels.flatMap((level) =>
      level.steps.flatMap((step) => (step.kind === "stage" ? step.loops : [])),
    );
    const moves = (level: Level): boolean =>
      level.axis !== undefined && access.address.axes.has(level.axis);
    return (stages.findLast(moves) ?? levels.findLast(moves))?.axis;
  }

  #sum(x: Code, y: Code): Code {
    if (x.constant === 0) return y;
    if (y.constant === 0) return x;
    return this.#language.addressSum(x, y);
  }

  #product(x: Code, y: Code): Code {
    if (x.constant === 1) return y;
    if (y.constant === 1) return x;
    if (x.constant !== undefined && y.constant !== undefined)
      return this.#language.literal(x.constant * y.constant, "int32");
    return this.#language.addressProduct(x, y);
  }
}
