// Bundles and runs programs as a user's tools would. The bundlers are those the workspace has anyway:
// esbuild below tsx, Vite below vitest.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onTestFinished } from "vitest";
import { repository } from "./repository.js";

/** Bundles an entry file with all it imports; returns the file it wrote. */
export type Bundler = (entry: string, outFolder: string) => Promise<string>;

interface BuildTool {
  build(options: Readonly<Record<string, unknown>>): Promise<unknown>;
}

/** The two bundlers, from the TypeScript sources to one file. */
export const bundlers: Readonly<Record<"esbuild" | "vite", Bundler>> = {
  async esbuild(entry, outFolder) {
    const esbuild: BuildTool = await importBelow("tsx", "esbuild");
    const outfile = join(outFolder, "esbuild.mjs");
    await esbuild.build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: "esm",
      platform: "neutral",
      conditions: ["@chainrule/source"],
      logLevel: "error",
    });
    return outfile;
  },
  async vite(entry, outFolder) {
    const vite: BuildTool = await importBelow("vitest", "vite");
    await vite.build({
      root: outFolder,
      configFile: false,
      logLevel: "error",
      resolve: { conditions: ["@chainrule/source", "module", "browser", "production"] },
      build: {
        outDir: join(outFolder, "vite"),
        lib: { entry, formats: ["es"], fileName: () => "bundle.mjs" },
      },
    });
    return join(outFolder, "vite/bundle.mjs");
  },
};

/** The file of a program in `programs/`. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`programs/${name}.ts`, import.meta.url));
}

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "chainrule-bundle-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** What Node prints when it is run with `args`. */
export function runNode(...args: readonly string[]): string {
  return execFileSync(process.execPath, args, { encoding: "utf8", timeout: 60_000 });
}

/** Imports what `owner`, a tool of the workspace, depends on. */
async function importBelow(owner: string, name: string): Promise<BuildTool> {
  const ofRoot = createRequire(join(repository, "package.json"));
  const ofOwner = createRequire(ofRoot.resolve(`${owner}/package.json`));
  return import(pathToFileURL(ofOwner.resolve(name)).href);
}
