// From what stands on the command line to a backend: a name, a package or a file, whose factory is
// called.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { Backend } from "@chainrule/core";
import type { MakeBackend } from "../runner.js";

/** Something on the command line that cannot be followed. */
export class UsageError extends Error {}

/**
 * The factory that `named` stands for: `js` is the export `js` of `@chainrule/backend-js`;
 * `./file.js` and `some-package` give their export `factory`, else their default export, else their
 * only function.
 *
 * Throws: {@link UsageError} when there is nothing of that name, or no single factory in it.
 */
export async function loadBackend(
  named: string,
  directory: string,
  factory?: string,
): Promise<MakeBackend> {
  const isShort = /^[a-z]+$/.test(named);
  const specifier = isShort ? `@chainrule/backend-${named}` : named;
  const exports = await load(specifier, directory);
  const found = pick(exports, factory ?? (isShort ? named : undefined));
  if (found === undefined) {
    const names = Object.keys(exports).filter((name) => typeof exports[name] === "function");
    throw new UsageError(
      `"${specifier}" must have a factory ${factory ?? "as its default export or only function"}: ` +
        `got ${names.length === 0 ? "no function" : names.join(", ")}. Name one with --export.`,
    );
  }
  return found as () => Backend | Promise<Backend>;
}

type Exports = Readonly<Record<string, unknown>>;

async function load(specifier: string, directory: string): Promise<Exports> {
  const isPath = specifier.startsWith(".") || specifier.startsWith("/");
  try {
    const path = isPath
      ? resolve(directory, specifier)
      : createRequire(resolve(directory, "package.json")).resolve(specifier);
    return (await import(pathToFileURL(path).href)) as Exports;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    throw new UsageError(`cannot load the backend "${specifier}": ${why}`, { cause });
  }
}

function pick(exports: Exports, name: string | undefined): unknown {
  if (name !== undefined) return functionOrNothing(exports[name]);
  const byDefault = functionOrNothing(exports.default);
  if (byDefault !== undefined) return byDefault;
  const functions = Object.values(exports).filter((value) => typeof value === "function");
  return functions.length === 1 ? functions[0] : undefined;
}

function functionOrNothing(value: unknown): unknown {
  return typeof value === "function" ? value : undefined;
}
