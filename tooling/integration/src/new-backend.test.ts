// `pnpm new:backend` writes a package that passes the suite, or nothing.

import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createBackend, NameError } from "../../generators/src/new-backend.js";
import { type Manifest, readJson, repository } from "./repository.js";
import { conformanceCommand, linkPackages, runSources } from "./run-sources.js";

const lists = ["package.json", ".changeset/config.json", "packages/core/package.json"];

/** A repository that has the lists and nothing else. */
let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "chainrule-new-backend-"));
  for (const file of lists) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    copyFileSync(join(repository, file), join(root, file));
  }
});
afterEach(() => rmSync(root, { recursive: true }));

/** All files below `folder` with their texts. */
function snapshot(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path, readFileSync(path, "utf8")];
    }),
  );
}

describe("pnpm new:backend tiny", () => {
  test("writes a package of less than 100 lines of backend, with the version of core", () => {
    const written = createBackend("tiny", root);
    const folder = join(root, "packages/backend-tiny");
    expect(written).toEqual(
      expect.arrayContaining([
        "packages/backend-tiny/README.md",
        "packages/backend-tiny/package.json",
        "packages/backend-tiny/src/conformance.test.ts",
        "packages/backend-tiny/src/index.ts",
        "packages/backend-tiny/tsconfig.json",
        "packages/backend-tiny/tsup.config.ts",
      ]),
    );
    expect(written.filter((path) => !(join(root, path) in snapshot(root)))).toEqual([]);
    const backend = readFileSync(join(folder, "src/backend.ts"), "utf8");
    expect(backend.split("\n").length).toBeLessThan(100);
    expect(backend).toContain("export function tiny(): Backend {");
    expect(Object.values(snapshot(folder)).join()).not.toContain("__");
    const own = readJson<Manifest>(join(folder, "package.json"));
    const core = readJson<Manifest>(join(root, "packages/core/package.json"));
    expect([own.name, own.version]).toEqual(["@chainrule/backend-tiny", core.version]);
    const js = readJson<Manifest>(join(repository, "packages/backend-js/package.json"));
    expect({ ...own, name: "", description: "", keywords: [], devDependencies: {} }).toEqual({
      ...js,
      name: "",
      description: "",
      keywords: [],
      devDependencies: {},
    });
  });

  test("adds one line to each list, in its place", () => {
    createBackend("tiny", root);
    for (const file of lists) {
      const before = readFileSync(join(repository, file), "utf8").split("\n");
      const after = readFileSync(join(root, file), "utf8").split("\n");
      const added = after.filter((line) => !before.includes(line));
      const expected = {
        "package.json": ['    "@chainrule/backend-tiny": "workspace:*",'],
        ".changeset/config.json": ['      "@chainrule/backend-tiny",'],
      }[file];
      expect([added, after.length - before.length]).toEqual([
        expected ?? [],
        expected?.length ?? 0,
      ]);
    }
  });

  test("gives a backend that passes the suite", { timeout: 180_000 }, () => {
    createBackend("tiny", root);
    const folder = join(root, "packages/backend-tiny");
    linkPackages(folder);
    const run = runSources(folder, [
      ...[conformanceCommand, "--backend", "./src/index.ts"],
      ...["--tier", "0", "--tier", "1"],
    ]);
    expect(run.stdout + run.stderr).toMatch(/\n\d{4,} passed, 0 failed, \d+ skipped\n$/);
    expect(run.status).toBe(0);
  });

  test.each([
    ["", "small letters"],
    ["x", "small letters"],
    ["Tiny", "small letters"],
    ["web-gpu", "small letters"],
    ["../core", "small letters"],
    ["a".repeat(31), "small letters"],
    ["class", "class is taken"],
    ["await", "await is taken"],
    ["eval", "eval is taken"],
    ["describe", "describe is taken"],
  ])("refuses the name %o and writes nothing", (name, message) => {
    const before = snapshot(root);
    expect(() => createBackend(name, root)).toThrow(NameError);
    expect(() => createBackend(name, root)).toThrow(message);
    expect(snapshot(root)).toEqual(before);
  });

  test("refuses a name that is taken, whatever is in the folder", () => {
    createBackend("tiny", root);
    const before = snapshot(root);
    expect(() => createBackend("tiny", root)).toThrow("already there: packages/backend-tiny");
    mkdirSync(join(root, "packages/backend-small"));
    expect(() => createBackend("small", root)).toThrow("already there");
    expect(snapshot(root)).toEqual(before);
  });

  test("leaves nothing half-written when a list cannot be", (context) => {
    if (process.getuid?.() === 0) context.skip("root may write everything");
    const before = snapshot(root);
    // The last one: the files and the other list are written by then.
    chmodSync(root, 0o555);
    try {
      expect(() => createBackend("tiny", root)).toThrow("EACCES");
    } finally {
      chmodSync(root, 0o755);
    }
    expect(snapshot(root)).toEqual(before);
    expect(readdirSync(join(root, "packages"))).toEqual(["core"]);
  });
});

test.each([[[]], [["Tiny"]], [["tiny", "small"]], [["js"]]])(
  "the command says what it wants instead of %j",
  (args) => {
    const script = join(repository, "tooling/generators/src/new-backend.ts");
    const { status, stderr } = runSources(repository, [script, ...args]);
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining("usage: pnpm new:backend <name>"),
    ]);
  },
);
