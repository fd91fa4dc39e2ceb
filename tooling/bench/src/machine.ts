// Where the figures come from.

import { existsSync, readFileSync } from "node:fs";
import { arch, cpus, loadavg, platform, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Engine } from "./engines/index.js";

/** What a reader must know to read figures. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
  /** The system's load when the run began: more than about 0.5 is other people's work. */
  readonly load: number;
  /** By package. */
  readonly versions: Readonly<Record<string, string>>;
}

/** This machine, with the versions of what `engines` use. */
export function describeMachine(engines: readonly Engine[], torch: string | null): Machine {
  const versions = new Map(
    engines.flatMap(({ packages }) => packages).map((name) => [name, versionOf(name)]),
  );
  if (torch !== null) versions.set("torch", torch);
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${arch()}`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    versions: Object.fromEntries(versions),
  };
}

// Not through `require.resolve`: not every package exports its package.json.
function versionOf(name: string): string {
  const installed = new URL("../node_modules/", import.meta.url);
  const places = [installed, new URL("@chainrule/backend-gpujs/node_modules/", installed)];
  const file = places
    .map((place) => fileURLToPath(new URL(`${name}/package.json`, place)))
    .find(existsSync);
  if (file === undefined) return "unknown";
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

/** The machine in a line. */
export function machineText(machine: Machine): string {
  const { cpu, cores, memoryGiB, system, node, load, versions } = machine;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`);
  const where = `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${system}, Node ${node}, load ${load.toFixed(1)}`;
  return `${where}; ${named.join(", ")}`;
}
