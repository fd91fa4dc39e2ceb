// The properties of modules and optimizers that a recorded function may have read: when one changes,
// as `training` does in `model.eval()`, the program is not theirs any more.

import type { Storage } from "../engine/storage.js";
import { isPlainObject, isTensor } from "./signature.js";

/** How deep lists of layers and the like are looked into. */
const maxDepth = 4;

/** Engines optimise functions up to some size. */
const maxGenerated = 500;

/** Objects with the properties they had. */
export class Watch {
  /** What tensors found in them are called. */
  readonly labels: WeakMap<Storage, string> = new WeakMap();
  readonly #before = new Map<object, ReadonlyMap<string, unknown>>();
  /** What parts are called. */
  readonly #names = new Map<object, string>();
  readonly #objects: Record<string, unknown>[] = [];
  readonly #keys: string[] = [];
  readonly #values: unknown[] = [];

  /** Compares property `key` of `part` with `value` from now on. */
  note(part: object, key: string, value: unknown): void {
    const isKnown = this.#objects.some((known, i) => known === part && this.#keys[i] === key);
    if (!isKnown) this.#compare(part, key, value);
  }

  #compare(part: object, key: string, value: unknown): void {
    this.#objects.push(part as Record<string, unknown>);
    this.#keys.push(key);
    this.#values.push(value);
  }

  /** Looks at the properties of `part`, if it has not. */
  add(part: object, name: string = part.constructor.name, depth = 0): void {
    if (this.#before.has(part) || depth > maxDepth) return;
    const properties = new Map(Object.entries(part));
    // The groups of an optimizer: their settings, and the tensors that updates read.
    const { paramGroups } = part as { readonly paramGroups?: unknown };
    if (Array.isArray(paramGroups)) {
      this.add(paramGroups, `${name}.groups`, depth);
      for (const [i, group] of paramGroups.entries()) {
        this.add(group.settings, `${name}.group ${i}`, depth);
        this.add(group.slots, `${name}.group ${i}`, depth);
      }
    }
    if (Array.isArray(part)) properties.set("length", part.length);
    this.#before.set(part, properties);
    this.#names.set(part, name);
    for (const [key, value] of properties) {
      if (isTensor(value)) this.labels.set(value.storage, `${name}.${key}`);
      else if (Array.isArray(value) || isPlainObject(value))
        this.add(value, `${name}.${key}`, depth + 1);
    }
  }

  /**
   * Ends looking: from now on all properties are compared, except for those that the function itself
   * changed, whose changes happen once. Calls `found` for every tensor among them.
   */
  end(found: (value: unknown, name: string) => void): void {
    for (const [part, before] of this.#before) {
      const properties = part as Record<string, unknown>;
      for (const key of Object.keys(part)) {
        const value = properties[key];
        if (isTensor(value) && !this.labels.has(value.storage)) {
          this.labels.set(value.storage, `${part.constructor.name}.${key}`);
        }
      }
      for (const [key, value] of before) {
        found(properties[key], `${part.constructor.name}.${key}`);
        if (!Object.is(properties[key], value)) continue;
        this.#compare(part, key, value);
      }
      for (const key of Object.keys(part)) {
        if (!before.has(key)) found(properties[key], `${part.constructor.name}.${key}`);
      }
    }
  }

  /** Whether all properties are what they were. */
  holds: () => boolean = () => this.changed() === undefined;

  /** The property that is not what it was; undefined if all are. */
  changed(): string | undefined {
    const i = this.#values.findIndex((value, i) => {
      const now = (this.#objects[i] as Record<string, unknown>)[this.#keys[i] as string];
      return !Object.is(now, value);
    });
    const object = this.#objects[i];
    return object && `${this.#names.get(object) ?? object.constructor.name}.${this.#keys[i]}`;
  }

  /**
   * Makes the comparison a generated one: 20 times faster, as the engine then knows the class of each
   * object, and of a small step the comparison would be a third.
   */
  generate(evaluate: (source: string) => unknown): void {
    const count = this.#values.length;
    if (count > maxGenerated || this.#values.some(Number.isNaN)) return;
    const indices = [...this.#values.keys()];
    const declared = indices.map((i) => `const o${i} = objects[${i}], v${i} = values[${i}];`);
    const compared = indices.map((i) => `o${i}[${JSON.stringify(this.#keys[i])}] === v${i}`);
    const text = `(objects, values) => { ${declared.join(" ")} return () => ${["true", ...compared].join(" && ")}; }`;
    const make = evaluate(text) as (objects: unknown, values: unknown) => () => boolean;
    this.holds = make(this.#objects, this.#values);
  }
}
