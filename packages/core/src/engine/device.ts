// A backend attached to the engine, with what the engine keeps for it: compiled kernels by key and
// plans by operation. Nothing here is global, so two backends never meet.

import type { CompiledKernel, DType } from "@chainrule/kernel";
import { type Backend, contractVersion } from "../backend/backend.js";
import { BackendError, DTypeError, formatValue } from "../errors.js";
import type { makePlan, PlanTable } from "./plan.js";

/** The engine's side of one backend. */
export class Device {
  backend: Backend;
  /** Kernels that are ready to run, by {@link kernelKey}. */
  readonly kernels: Map<string, CompiledKernel> = new Map();
  /** Plans by the id of their primitive. */
  plans: PlanTable[] = [];
  /** Makes plans in place of the engine, while a function is recorded. */
  planner: typeof makePlan | undefined;

  constructor(backend: Backend) {
    this.backend = backend;
  }

  /** Throws: {@link DTypeError} when the backend does not compute in `dtype`. */
  ensureSupports(op: string, dtype: DType): void {
    const { dtypes } = this.backend.capabilities;
    if (dtypes.includes(dtype)) return;
    throw new DTypeError(op, "the backend must support the dtype", {
      expected: `one of ${dtypes.join(", ")} on backend "${this.backend.name}"`,
      got: dtype,
      fix: "Convert with astype, or use a backend that has it.",
    });
  }
}

/** What is attached. A recording adds itself. */
export const devices: WeakMap<Backend, Device> = new WeakMap();

/** The engine's side of `backend`; attaches it on first use and checks the contract version. */
export function deviceOf(backend: Backend): Device {
  const known = devices.get(backend);
  if (known !== undefined) return known;
  ensureBackend(backend);
  const device = new Device(backend);
  devices.set(backend, device);
  return device;
}

function ensureBackend(backend: Backend): void {
  if (
    typeof backend !== "object" ||
    backend === null ||
    typeof backend.compileKernel !== "function"
  ) {
    const got: unknown = backend;
    throw new BackendError("setBackend", "a backend is a value made by its factory", {
      expected: "an object such as js() or await wasm()",
      got: got instanceof Promise ? "a Promise" : formatValue(got),
      fix: got instanceof Promise ? "Await the factory." : "Call the factory and pass its result.",
    });
  }
  if (backend.contract !== contractVersion) {
    throw new BackendError("setBackend", "backend and core must speak the same contract", {
      expected: `contract ${contractVersion}`,
      got: `contract ${formatValue(backend.contract)} from backend "${backend.name}"`,
      fix: "Install versions of core and of the backend that belong together.",
    });
  }
}
