// auto() takes the first candidate that works, and says what became of the others.

import { describe, expect, it } from "vitest";
import {
  auto,
  type Backend,
  BackendError,
  getBackend,
  interpreter,
  js,
  ones,
  setBackend,
  ValueError,
} from "./index.js";

/** A backend that computes something else, and remembers that it was closed. */
function wrong(): { readonly backend: Backend; readonly closed: () => boolean } {
  const inner = interpreter();
  let closed = false;
  const backend: Backend = {
    ...inner,
    name: "wrong",
    read: async (...where) => (await inner.read(...where)).map((x) => x + 1) as Float32Array,
    close: async () => {
      closed = true;
    },
  };
  return { backend, closed: () => closed };
}

const refuses = (): Promise<Backend> => Promise.reject(new Error("no adapter"));

describe("auto", () => {
  it("takes js by default, and says so beside what js says", async () => {
    const backend = await auto();
    expect(backend.info()).toEqual({
      ...js().info(),
      features: { ...js().info().features, "candidate 1: js": "on: the first that works" },
    });
    setBackend(backend);
    expect([getBackend(), ones([2]).sum().itemSync()]).toEqual([backend, 2]);
  });

  it("passes over what cannot be made, computes wrong numbers or is no backend, with the reason", async () => {
    const { backend: bad, closed } = wrong();
    const throws = (): Backend => {
      throw new BackendError("wasm", "threads must be allowed", { expected: "a", got: "b" });
    };
    const old = (): Backend => ({ ...interpreter(), contract: 7 });
    const nothing = (): Backend => undefined as never;
    const strict = (): Backend => js({ csp: "strict" });
    const taken = await auto([refuses, throws, () => bad, old, nothing, strict, js]);
    expect(taken.name).toBe("js");
    expect(taken.info().features).toEqual({
      "code generation": 'off: kernels are interpreted, as csp: "strict" asks',
      "candidate 1: refuses": "off: no adapter",
      "candidate 2: throws": "off: [wasm] threads must be allowed: expected a, got b.",
      "candidate 3: () => bad": "off: 2 · 1 + 3 · 2 gives 9",
      "candidate 4: old":
        'off: [setBackend] backend and core must speak the same contract: expected contract 1, got contract 7 from backend "interpreter". Install versions of core and of the backend that belong together.',
      "candidate 5: nothing":
        "off: [setBackend] a backend is a value made by its factory: expected an object such as js() or await wasm(), got undefined. Call the factory and pass its result.",
      "candidate 6: strict": "on: the first that works",
      "candidate 7: js": "off: not tried",
    });
    expect(closed()).toBe(true);
  });

  it("takes a backend that is an instance of a class", async () => {
    class Own {
      readonly #inner: Backend = interpreter();
      readonly name = "own";
      readonly contract = 1;
      readonly capabilities = this.#inner.capabilities;
      readonly lost = this.#inner.lost;
      allocate: Backend["allocate"] = (...args) => this.#inner.allocate(...args);
      upload: Backend["upload"] = (...args) => this.#inner.upload(...args);
      write: Backend["write"] = (...args) => this.#inner.write(...args);
      read: Backend["read"] = (...args) => this.#inner.read(...args);
      free: Backend["free"] = (handle) => this.#inner.free(handle);
      compileKernel: Backend["compileKernel"] = (kernel) => this.#inner.compileKernel(kernel);
      info(): ReturnType<Backend["info"]> {
        return { ...this.#inner.info(), name: this.name };
      }
      ready(): Promise<void> {
        return this.#inner.ready();
      }
      close(): Promise<void> {
        return this.#inner.close();
      }
    }
    const backend = await auto([() => new Own()]);
    expect([backend.name, backend.info().name]).toEqual(["own", "own"]);
    expect(Object.keys(backend.info().features)).toContain("candidate 1: () => new Own()");
  });

  it("throws one error with all reasons when none works", async () => {
    await expect(auto([refuses, () => undefined as never])).rejects.toThrow(BackendError);
    await expect(auto([refuses])).rejects.toThrow(
      "[auto] one of the candidates must work: expected a backend that can be made and computes, got candidate 1: refuses off: no adapter. End the list with js, which works everywhere.",
    );
  });

  it.each([[[]], [[js()]], [js], [null], [["js"]], [[Promise.resolve(js())]]])(
    "refuses %o",
    async (candidates) => {
      await expect(auto(candidates as never)).rejects.toThrow(ValueError);
    },
  );
});
