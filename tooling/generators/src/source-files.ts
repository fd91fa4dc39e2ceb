// The repository's files as the generators see them: listed in one order, formatted by the linter.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const repository: string = fileURLToPath(new URL("../../..", import.meta.url));

/** A hand-written file `<family>/<name>.ts` below some folder. */
export interface FamilyFile {
  readonly family: string;
  readonly name: string;
  readonly path: string;
}

/** The files `<family>/<name>.ts` of a folder, sorted, without tests. */
export function familyFiles(folder: string): FamilyFile[] {
  const root = join(repository, folder);
  if (!existsSync(root)) return [];
  return readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name: family }) =>
      readdirSync(join(root, family))
        .filter((file) => file.endsWith(".ts") && !/\.(test|test-d)\.ts$/.test(file))
        .map((file) => ({ family, name: file.slice(0, -3), path: join(root, family, file) })),
    )
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The text of a file of the repository, or undefined where there is none. */
export function read(file: string): string | undefined {
  const path = join(repository, file);
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

/** Writes a file of the repository. */
export function write(file: string, text: string): void {
  writeFileSync(join(repository, file), text);
}

/** The text as the linter wants it in `file`, imports sorted. */
export function format(file: string, text: string): string {
  const biome = join(repository, "node_modules/.bin/biome");
  const args = ["check", "--write", `--stdin-file-path=${file}`];
  const run = spawnSync(biome, args, { cwd: repository, input: text, encoding: "utf8" });
  if (run.status !== 0) throw new Error(`biome could not format ${file}:\n${run.stderr}`);
  return run.stdout;
}

/** `soft-plus` → `softPlus`. */
export function camelCase(kebab: string): string {
  return kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

/** `softPlus` → `soft-plus`. */
export function kebabCase(camel: string): string {
  return camel.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
