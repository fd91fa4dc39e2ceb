// The guide for authors of backends does what it says: its listings are written into an empty folder,
// its commands are run there, and they print what it shows.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { manifests, repository } from "./repository.js";
import { conformanceCommand, linkPackages, runSources } from "./run-sources.js";

const guide = readFileSync(join(repository, "apps/docs/guides/write-a-backend.md"), "utf8");

/** A block of code: its language, the file that it is, if it is one, and its text. */
interface Block {
  readonly language: string;
  readonly file: string;
  readonly text: string;
}

const blocks = [...guide.matchAll(/^```(\w*) ?(.*)\n([\s\S]*?)^```$/gm)].map(
  ([, language = "", file = "", text = ""]): Block => ({ language, file, text }),
);
const files = blocks.filter(({ file }) => file !== "");
const lines = blocks.filter(({ language }) => language === "sh").flatMap(linesOf);
const setUp = /^(mkdir|cd|npm) /;
/** Each with what it prints, which stands below it. */
const commands = blocks.flatMap((block, i) => {
  if (block.language !== "sh") return [];
  const next = blocks[i + 1];
  const printed = next?.language === "text" ? next.text : undefined;
  return linesOf(block)
    .filter((line) => !setUp.test(line))
    .map((line) => [line, printed] as const);
});

function linesOf({ text }: Block): string[] {
  return text.trim().split("\n");
}

/** Checks that take long are cut short: the interpreter, and what the collector decides. */
const less: Readonly<Record<string, readonly string[]>> = {
  "npx chainrule-conformance --backend ./my-backend.js": tiers(0, 1),
  "npx chainrule-conformance --backend ./my-fast-backend.js": tiers(0, 1, 2, 3, 4, 5),
};

function tiers(...all: readonly number[]): string[] {
  return all.flatMap((tier) => ["--tier", String(tier)]);
}

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "chainrule-guide-"));
  linkPackages(folder);
  // The packages are read from their sources, as everywhere in the tests.
  const config = { ssr: { resolve: { conditions: ["@chainrule/source", "module", "node"] } } };
  writeFileSync(join(folder, "vitest.config.js"), `export default ${JSON.stringify(config)};\n`);
  for (const { file, text } of files) writeFileSync(join(folder, file), text);
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What Node is run with for a command of the guide. */
function argumentsOf(line: string): string[] {
  const words = line.matchAll(/"([^"]*)"|(\S+)/g);
  const [program, ...rest] = [...words].map(([, quoted, bare = ""]) => quoted ?? bare);
  if (program === "node") return rest;
  const [tool = "", ...args] = rest;
  const scripts: Readonly<Record<string, string>> = {
    "chainrule-conformance": conformanceCommand,
    vitest: "node_modules/vitest/vitest.mjs",
  };
  const script = scripts[tool];
  if (program !== "npx" || script === undefined) throw new Error(`nobody runs ${program} ${tool}`);
  return [script, ...args, ...(less[line] ?? [])];
}

/** Whether `output` has the lines of `shown` in their order; "…" stands for any, numbers for numbers. */
function shows(output: string, shown: string): boolean {
  const plain = (text: string): string => text.replaceAll(/\d+/g, "0").trimEnd();
  const all = output.split("\n").map(plain);
  let at = 0;
  return linesOf({ language: "text", file: "", text: shown })
    .filter((line) => line !== "…")
    .every((line) => {
      at = all.indexOf(plain(line), at) + 1;
      return at > 0;
    });
}

describe("the guide for backends", () => {
  test("has no block that nothing runs, and names no file twice", () => {
    const names = files.map(({ file }) => file);
    expect(new Set(names).size).toBe(names.length);
    for (const [i, { language, file }] of blocks.entries()) {
      const isOutput = language === "text" && blocks[i - 1]?.language === "sh";
      expect(language === "sh" || isOutput || file !== "", `${language} block ${i}`).toBe(true);
    }
    const isUsed = ({ file }: Block): boolean =>
      file === "package.json" ||
      blocks.some((other) => other.file !== file && other.text.includes(file));
    expect(files.filter((block) => !isUsed(block))).toEqual([]);
  });

  test("installs packages that there are", () => {
    const known = manifests().map(({ name }) => name);
    const installed = lines.flatMap((line) =>
      line.startsWith("npm install") ? (line.match(/@?[\w-]+\/[\w-]+/g) ?? []) : [],
    );
    expect(installed.length).toBeGreaterThan(2);
    expect(known).toEqual(expect.arrayContaining(installed));
  });

  test("has a complete backend in less than 100 lines", () => {
    const listing = files.find(({ file }) => file === "my-backend.js");
    expect(listing?.text.split("\n").length).toBeLessThan(100);
  });

  test.for(commands)("%s", { timeout: 480_000 }, ([line, printed]) => {
    const { status, stdout, stderr } = runSources(folder, argumentsOf(line));
    const isFailure = printed?.includes("failed: ") ?? false;
    expect(status, stdout + stderr).toBe(isFailure ? 1 : 0);
    if (printed === undefined) return;
    if (line.startsWith("node ")) expect(stdout.trim()).toBe(printed.trim());
    else expect(shows(stdout, printed), stdout).toBe(true);
  });
});
