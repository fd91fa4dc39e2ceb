import { gpujs } from "@chainrule/backend-gpujs";
import { tfjs } from "@chainrule/backend-tfjs";
import { type Backend, interpreter, js } from "chainrule";

/** The backends that can be chosen by name. */
export const backendNames = ["js", "tfjs", "gpujs", "interpreter"] as const;
export type BackendName = (typeof backendNames)[number];

const makers: Readonly<Record<BackendName, () => Backend | Promise<Backend>>> = {
  js,
  tfjs: () => tfjs(),
  gpujs: () => gpujs(),
  interpreter,
};

/** Makes the backend called `name`. */
export async function createBackend(name: BackendName): Promise<Backend> {
  return makers[name]();
}
