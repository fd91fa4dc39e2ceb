// From what stands on the command line to a backend: a name, a package or a file, whose factory is
// called.

import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ConformanceOptions, MakeBackend } from "../runner.js";

/** Something on the command line that cannot be followed. */
export class UsageError extends Error {}

/** What a module says of its backend. */
export type LoadedBackend = { readonly make: MakeBackend } & Pick<ConformanceOptions, "loseDevice">;

/**
 * The factory that `named` stands for: `js` is the export `js` of `@chainrule/backend-js`;
 * `./file.js` and `some-package` give their export `factory`, else their default export, else their
 * only function. A function `loseDevice` beside it is the option of that name.
 *
 * Throws: {@link UsageError} when there is nothing of that name, or no single factory in it.
 */
export async function loadBackend(
  named: string,
  directory: string,
  factory?: string,
): Promise<LoadedBackend> {
  const isShort = /^[a-z]+$/.test(named);
  const specifier = isShort ? `@chainrule/backend-${named}` : named;
  const { loseDevice, ...functions } = functionsOf(specifier, await load(specifier, directory));
  const make = pick(functions, factory ?? (isShort ? named : undefined));
  if (make === undefined) {
    const names = Object.keys(functions).join(", ");
    throw new UsageError(
      `"${specifier}" must have a factory ${factory ?? "as its default export or only function"}: ` +
        `got ${names === "" ? "no function" : names}. Name one with --export.`,
    );
  }
  return { make, ...(loseDevice === undefined ? {} : { loseDevice }) } as LoadedBackend;
}

type Functions = Readonly<Record<string, unknown>>;

async function load(specifier: string, directory: string): Promise<object> {
  const isPath = specifier.startsWith(".") || specifier.startsWith("/");
  try {
    const path = isPath
      ? resolve(directory, specifier)
      : createRequire(resolve(directory, "package.json")).resolve(specifier);
    return (await import(pathToFileURL(path).href)) as object;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message.split("\n", 1)[0] : String(cause);
    const isUnknown = (cause as { code?: unknown }).code === "ERR_UNKNOWN_FILE_EXTENSION";
    const fix = isUnknown ? " Compile TypeScript first, or run Node with --import tsx." : "";
    throw new UsageError(`cannot load the backend "${specifier}": ${why}.${fix}`, { cause });
  }
}

/** The functions among the exports; what a CommonJS module exports is its default export. */
function functionsOf(specifier: string, exports: object): Functions {
  const { default: whole, ...named } = exports as { readonly default?: unknown };
  const inner = typeof whole === "object" && whole !== null ? whole : { default: whole };
  if ("compileKernel" in inner) {
    throw new UsageError(
      `"${specifier}" exports a backend: export the function that makes it, as every run needs several`,
    );
  }
  const all = Object.entries({ ...named, ...inner });
  return Object.fromEntries(
    // Newer versions of Node list what a CommonJS module exports under this name too.
    all.filter(([name, value]) => typeof value === "function" && name !== "module.exports"),
  );
}

function pick(functions: Functions, name: string | undefined): unknown {
  if (name !== undefined) return functions[name];
  const all = Object.values(functions);
  return functions.default ?? (all.length === 1 ? all[0] : undefined);
}
