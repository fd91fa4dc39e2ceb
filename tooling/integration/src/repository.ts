import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Where the repository lies. */
export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

/** The parts of a package.json that the tests look at. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Reads a JSON file. */
export function readJson<T>(path: string): T {
  return JSON.parse(readFileSync(path, "utf8"));
}

/** Folders with a manifest, relative to the root: all workspaces and the two that stand outside. */
export function workspaceFolders(root: string = repository): string[] {
  return ["packages", "apps", "tooling"].flatMap((group) =>
    readdirSync(join(root, group))
      .map((folder) => `${group}/${folder}`)
      .filter((folder) => existsSync(join(root, folder, "package.json"))),
  );
}

/** The manifests of all workspaces. */
export function manifests(root: string = repository): Manifest[] {
  return workspaceFolders(root).map((folder) => readJson(join(root, folder, "package.json")));
}
