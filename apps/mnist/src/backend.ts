import { type Backend, interpreter, js } from "chainrule";

/** The backends that can be chosen by name. */
export const backendNames = ["js", "interpreter"] as const;
export type BackendName = (typeof backendNames)[number];

const makers: Readonly<Record<BackendName, () => Backend>> = { js, interpreter };

/** Makes the backend called `name`. */
export function createBackend(name: BackendName): Backend {
  return makers[name]();
}
