// Programs in folders of their own, as users have them, that run on the sources of the packages.

import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "./repository.js";

const ofRoot = createRequire(join(repository, "package.json"));

/** The command of the conformance suite. */
export const conformanceCommand: string = join(
  repository,
  "packages/conformance/src/command/cli.ts",
);

/** Runs Node in `folder`; it reads TypeScript, and the packages from their sources. */
export function runSources(folder: string, args: readonly string[]): SpawnSyncReturns<string> {
  const loader = pathToFileURL(ofRoot.resolve("tsx")).href;
  return spawnSync(process.execPath, args, {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, NODE_OPTIONS: `--conditions=@chainrule/source --import ${loader}` },
  });
}

/** Installs core, kernel, the suite and vitest in `folder`. */
export function linkPackages(folder: string): void {
  const link = (name: string, to: string): void => {
    const path = join(folder, "node_modules", name);
    mkdirSync(dirname(path), { recursive: true });
    symlinkSync(to, path);
  };
  for (const name of ["core", "kernel", "conformance"]) {
    link(`@chainrule/${name}`, join(repository, "packages", name));
  }
  link("vitest", dirname(ofRoot.resolve("vitest/package.json")));
}
