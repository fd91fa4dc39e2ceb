// Programs as users ship them: one file each, made by esbuild of the sources of Chainrule and the ES
// modules of the peers. Run through tsx they would be slower: it wraps every function to keep its name.

import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { builtinModules } from "node:module";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type BuildOptions, build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));

/** A new folder, removed by whoever asked for it, from which the peers can be resolved. */
export function scratchFolder(): string {
  return mkdtempSync(join(root, "node_modules", ".bench-"));
}

const shared: BuildOptions = {
  bundle: true,
  conditions: ["@chainrule/source"],
  format: "esm",
  logLevel: "error",
  mainFields: ["module", "main"],
  target: "es2022",
};

/** Bundles programs of `src/` for Node; returns their paths in `folder`, in the same order. */
export async function bundleForNode(files: readonly string[], folder: string): Promise<string[]> {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: files.map((file) => join(root, "src", file)),
    outdir: folder,
    outbase: join(root, "src"),
    outExtension: { ".js": ".mjs" },
    platform: "node",
    // CommonJS in the bundle expects these.
    banner: {
      js: [
        'import { createRequire as _createRequire } from "node:module";',
        "const require = _createRequire(import.meta.url);",
        "const __dirname = import.meta.dirname;",
      ].join("\n"),
    },
    write: false,
  });
  // Not by esbuild, whose process would still write after this one was stopped and has cleaned up.
  for (const { contents, path } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, contents);
  }
  return files.map((file) => join(folder, file.replace(/\.ts$/, ".mjs")));
}

/** A program of `src/` minified for browsers. */
export async function bundleForBrowser(file: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    ...shared,
    entryPoints: [join(root, "src", file)],
    // A page would need a stand-in for these, or does without them.
    external: [...builtinModules],
    mainFields: ["browser", "module", "main"],
    minify: true,
    platform: "browser",
    write: false,
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error(`${basename(file)} gave no bundle`);
  return output.contents;
}
