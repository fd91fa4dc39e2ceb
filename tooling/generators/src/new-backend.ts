// pnpm new:backend <name>
// Writes a complete package, packages/backend-<name>, over the shipped interpreter, and enters it in the
// lists of the repository. Its test is the conformance suite, which it passes.

import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { format, repository } from "./source-files.js";

const template = fileURLToPath(new URL("../templates/backend", import.meta.url));

/** A name that cannot be one, or that is taken. */
export class NameError extends Error {}

/**
 * Writes the package of the backend `name` below `root` and enters it in the lists; returns the paths
 * that were written. All of it or nothing.
 *
 * Throws: {@link NameError}.
 */
export function createBackend(name: string, root: string = repository): string[] {
  const files = templateFiles();
  const folder = `packages/backend-${name}`;
  ensureName(name, [...files.values()]);
  if (existsSync(join(root, folder))) throw new NameError(`already there: ${folder}`);
  const { version }: { version: string } = readJson(root, "packages/core/package.json");
  const filled = [...files].map(([file, text]): [string, string] => {
    const path = `${folder}/${file}`;
    const own = text.replaceAll("__name__", name).replaceAll("__version__", version);
    return [path, file.endsWith(".md") ? own : format(path, own)];
  });
  const lists = [changesetGroup(root, name), developmentDependencies(root, name)];
  writeAll(root, folder, [...filled, ...lists]);
  return [...filled, ...lists].map(([path]) => path);
}

/** The files of a backend by path, with `__name__` where its name goes. */
function templateFiles(): Map<string, string> {
  const paths = readdirSync(template, { recursive: true, encoding: "utf8" }).sort();
  const files = paths.filter((path) => statSync(join(template, path)).isFile());
  return new Map(files.map((path) => [path, readFileSync(join(template, path), "utf8")]));
}

/** `name` is the factory's too, so it must be free in all that the files import. */
function ensureName(name: string, texts: readonly string[]): void {
  if (!/^[a-z]{2,30}$/.test(name)) {
    throw new NameError(
      `a name is 2 to 30 small letters, such as tiny: got ${JSON.stringify(name)}`,
    );
  }
  const imports = texts.flatMap((text) => text.match(/^(?:import|export) \{[^}]*\}/gm) ?? []);
  const taken = imports.flatMap((line) => line.match(/\w+/g) ?? []);
  if (taken.includes(name) || isReserved(name)) {
    throw new NameError(`a name is that of a function too: ${name} is taken`);
  }
}

function isReserved(name: string): boolean {
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  try {
    new AsyncFunction(`"use strict"; const ${name} = 0;`);
    return false;
  } catch {
    return true;
  }
}

/** All published packages have one version. */
function changesetGroup(root: string, name: string): [path: string, text: string] {
  const path = ".changeset/config.json";
  const config: { fixed: string[][] } = readJson(root, path);
  const [group = []] = config.fixed;
  const last = group.findLastIndex((each) => each.startsWith("@chainrule/backend-"));
  group.splice(last + 1, 0, `@chainrule/backend-${name}`);
  return [path, formatJson(path, config)];
}

/** The command of the suite finds backends among those of the root. */
function developmentDependencies(root: string, name: string): [path: string, text: string] {
  const path = "package.json";
  const manifest: { devDependencies: Record<string, string> } = readJson(root, path);
  const entries = Object.entries(manifest.devDependencies);
  const all = [...entries, [`@chainrule/backend-${name}`, "workspace:*"]];
  const sorted = all.sort(([a = ""], [b = ""]) => (a < b ? -1 : 1));
  return [path, formatJson(path, { ...manifest, devDependencies: Object.fromEntries(sorted) })];
}

function readJson<T>(root: string, path: string): T {
  return JSON.parse(readFileSync(join(root, path), "utf8"));
}

function formatJson(path: string, value: unknown): string {
  return format(path, JSON.stringify(value, null, 2));
}

/** Writes `files`, or leaves everything as it was, without `folder`. */
function writeAll(
  root: string,
  folder: string,
  files: readonly (readonly [path: string, text: string])[],
): void {
  const replaced: [path: string, text: string][] = [];
  try {
    for (const [path, text] of files) {
      const before = existsSync(join(root, path))
        ? readFileSync(join(root, path), "utf8")
        : undefined;
      replaceFile(join(root, path), text);
      if (before !== undefined) replaced.push([path, before]);
    }
  } catch (error) {
    rmSync(join(root, folder), { recursive: true, force: true });
    for (const [path, text] of replaced) replaceFile(join(root, path), text);
    throw error;
  }
}

/** Writes all of a file or nothing of it. */
function replaceFile(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}.tmp`;
  mkdirSync(dirname(file), { recursive: true });
  try {
    writeFileSync(unfinished, text);
    renameSync(unfinished, file);
  } finally {
    rmSync(unfinished, { force: true });
  }
}

if (import.meta.filename === process.argv[1]) {
  const [name = "", ...rest] = process.argv.slice(2);
  try {
    if (rest.length > 0) throw new NameError(`one name at a time: got ${rest.length + 1}`);
    for (const path of createBackend(name)) console.log(`wrote: ${path}`);
    console.log(`
Next:
  npx -y pnpm@12.21.0 install
  npx -y pnpm@12.21.0 test packages/backend-${name}
  npx -y pnpm@12.21.0 conformance --backend ${name}
Then make it an engine of its own, as apps/docs/guides/write-a-backend.md says; a row in README.md and
a changeset (npx -y pnpm@12.21.0 changeset) tell others of it.`);
  } catch (error) {
    if (!(error instanceof NameError)) throw error;
    console.error(`${error.message}\nusage: pnpm new:backend <name>`);
    process.exit(2);
  }
}
