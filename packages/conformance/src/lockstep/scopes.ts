// In which module, optimizer or derivative the program is.

import type { Tensor } from "@chainrule/core";
import type { Place } from "./difference.js";

type Node = NonNullable<Tensor["node"]>;
type Whereabouts = Pick<Place, "path" | "phase" | "derivativeOf">;

/** What this needs to know of a module; one without these methods has no named parts. */
interface Part {
  namedModules?(): Iterable<[name: string, module: object]>;
  namedParameters?(): Iterable<[name: string, tensor: Tensor]>;
  namedBuffers?(): Iterable<[name: string, tensor: Tensor]>;
}

interface Scope {
  readonly part: Part;
  readonly path: string;
  readonly shown: string;
  readonly phase: "forward" | "step";
}

/** Follows calls of the parts that are made while it is in use. */
export class Scopes {
  #innermost: Scope | null = null;
  #derivative: Node | null = null;
  #thrown: { readonly error: unknown; readonly where: Whereabouts } | undefined;
  readonly #origins = new WeakMap<Node, { readonly op: string; readonly path: string }>();
  readonly #followed: { readonly part: Part; readonly method: string; readonly call: Method }[] =
    [];

  /** Follows `part`: its calls of `method` pass through here until {@link release}. */
  follow(part: object, method: string): void {
    const call: Method = (...args) =>
      this.#inside(part, method, () => original(part, method).apply(part, args));
    // Like the method of the class, but before it: not seen among the properties of the part.
    Object.defineProperty(part, method, { value: call, configurable: true, writable: true });
    this.#followed.push({ part, method, call });
  }

  /** Leaves all parts as they would be if they had not been followed. */
  release(): void {
    for (const { part, method, call } of this.#followed) {
      const own: unknown = Object.getOwnPropertyDescriptor(part, method)?.value;
      if (own === call) Reflect.deleteProperty(part, method);
    }
  }

  /** A backward pass computes the derivative of `node` now, or none. */
  derive(node: Node | null): void {
    this.#derivative = node;
  }

  /** Remembers that `op` was recorded as `node` here. */
  record(op: string, node: Node | null): void {
    if (node !== null) this.#origins.set(node, { op, path: this.here().path });
  }

  /** Where the program is. */
  here(): Whereabouts {
    const node = this.#derivative;
    if (node === null) {
      return { path: this.#innermost?.shown ?? "", phase: this.#innermost?.phase ?? "forward" };
    }
    const { op, path } = this.#origins.get(node) ?? { op: node.op.name, path: "" };
    return { path, phase: "backward", derivativeOf: op };
  }

  /** Where `error` was thrown. */
  whereThrown(error: unknown): Whereabouts {
    const thrown = this.#thrown;
    return thrown !== undefined && thrown.error === error ? thrown.where : this.here();
  }

  /** The path of the parameter, buffer or gradient in `storage`; "" when it is none. */
  nameOf(storage: Tensor["storage"]): string {
    let found = "";
    for (const { part } of this.#followed) {
      for (const [name, tensor] of tensorsOf(part)) {
        const suffix = tensor.storage === storage ? "" : ".grad";
        if (suffix !== "" && tensor.grad?.storage !== storage) continue;
        const path = `${className(part)}.${name}${suffix}`;
        // Of a part inside another one, the outer one knows the longer name.
        if (path.split(".").length > found.split(".").length || found === "") found = path;
      }
    }
    return found;
  }

  #inside(part: Part, method: string, run: () => unknown): unknown {
    const [outer, derivative] = [this.#innermost, this.#derivative];
    this.#innermost = scopeOf(part, method, outer);
    // A derivative may call a module, to compute its results once more.
    this.#derivative = null;
    try {
      return run();
    } catch (error) {
      if (this.#thrown?.error !== error) this.#thrown = { error, where: this.here() };
      throw error;
    } finally {
      this.#innermost = outer;
      this.#derivative = derivative;
    }
  }
}

function scopeOf(part: Part, method: string, outer: Scope | null): Scope {
  const own = className(part);
  if (method !== "forward") {
    const path = `${own}.${method}`;
    return { part, path, shown: path, phase: "step" };
  }
  if (outer === null) return { part, path: own, shown: own, phase: "forward" };
  const name = nameIn(outer.part, part);
  const path = name === undefined ? `${outer.path} > ${own}` : `${outer.path}.${name}`;
  return { part, path, shown: name === undefined ? path : `${path} (${own})`, phase: "forward" };
}

function nameIn(outer: Part, part: Part): string | undefined {
  for (const [name, module] of outer.namedModules?.() ?? []) {
    if (module === part && name !== "") return name;
  }
  return undefined;
}

function* tensorsOf(part: Part): Generator<[name: string, tensor: Tensor], void, undefined> {
  yield* part.namedParameters?.() ?? [];
  yield* part.namedBuffers?.() ?? [];
}

function className(part: object): string {
  return part.constructor.name;
}

type Method = (...args: unknown[]) => unknown;

/** The method that `part` has from its class. */
function original(part: object, method: string): Method {
  return Reflect.get(Object.getPrototypeOf(part) as object, method, part) as Method;
}
