// Choosing a backend when the program starts: the first candidate that works, and why not the others.

import { js } from "@chainrule/backend-js";
import {
  type Backend,
  BackendError,
  formatValue,
  tensor,
  ValueError,
  withBackend,
} from "@chainrule/core";

/** Makes a backend: `js` is one, `() => tfjs({ backend: "webgl" })` another. */
export type BackendFactory = () => Backend | Promise<Backend>;

/**
 * The first backend of `candidates` that works: it could be made, speaks this contract and gets a small
 * product right. Default: `js()` alone, as no faster one comes with this package yet.
 *
 * What became of each candidate is in `info().features` of the result: "on" for the one taken, the
 * reason for those passed over. One that was made but does not work is closed.
 *
 * Throws: {@link BackendError} with every reason when none works; {@link ValueError} when `candidates`
 * is not a list of functions.
 *
 * @example
 * const backend = await auto([() => Promise.reject(new Error("no WebGL here")), js]);
 * setBackend(backend);
 * backend.name // => "js"
 * backend.info().features["candidate 2: js"] // => "on: the first that works"
 */
export async function auto(candidates: readonly BackendFactory[] = [js]): Promise<Backend> {
  ensureFactories(candidates);
  const told: Record<string, string> = {};
  const labels = candidates.map((make, i) => `candidate ${i + 1}: ${labelOf(make)}`);
  for (const [i, make] of candidates.entries()) {
    const label = labels[i] ?? "";
    try {
      const backend = await working(make);
      told[label] = "on: the first that works";
      for (const later of labels.slice(i + 1)) told[later] = "off: not tried";
      return telling(backend, told);
    } catch (error) {
      told[label] = `off: ${error instanceof Error ? error.message : String(error)}`;
    }
  }
  throw new BackendError("auto", "one of the candidates must work", {
    expected: "a backend that can be made and computes",
    got: Object.entries(told)
      .map(([label, reason]) => `${label} ${reason}`)
      .join("; "),
    fix: "End the list with js, which works everywhere.",
  });
}

function ensureFactories(candidates: unknown): void {
  const isList = Array.isArray(candidates) && candidates.length > 0;
  if (isList && candidates.every((make) => typeof make === "function")) return;
  throw new ValueError("auto", "candidates are functions that make backends", {
    expected: "a list such as [() => tfjs(), js]",
    got: formatValue(candidates),
    fix: "Pass the factories, not what they return.",
  });
}

/** `js`, or the text of a function without a name. */
function labelOf(make: BackendFactory): string {
  return make.name === "" ? String(make).replace(/\s+/g, " ").slice(0, 60) : make.name;
}

/** The backend that `make` makes. Throws when it does not work. */
async function working(make: BackendFactory): Promise<Backend> {
  const backend = await make();
  withBackend(backend, () => {}); // refuses what is no backend
  try {
    const x = tensor([1, 2], { backend });
    const result = await x.add(1).matmul(x).item();
    if (result !== 8) throw new Error(`2 · 1 + 3 · 2 gives ${result}`);
  } catch (error) {
    await backend.close().catch(() => {});
    throw error;
  }
  return backend;
}

/** `backend`, whose `info()` also tells `features`. */
function telling(backend: Backend, features: Readonly<Record<string, string>>): Backend {
  const own = backend.info.bind(backend);
  const info: Backend["info"] = () => {
    const known = own();
    return { ...known, features: { ...known.features, ...features } };
  };
  return Object.defineProperty(backend, "info", { value: info, configurable: true });
}
