import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Report } from "../report.js";
import { exitCodes, runCommand } from "./run.js";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "conformance-"));
});

afterEach(() => rm(directory, { recursive: true }));

async function run(line: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const written = { stdout: "", stderr: "" };
  const into = (name: "stdout" | "stderr") => ({
    write: (text: string) => {
      written[name] += text;
    },
  });
  const args = line.split(" ").filter((word) => word !== "");
  const code = await runCommand(args, {
    directory,
    stdout: into("stdout"),
    stderr: into("stderr"),
  });
  return { code, ...written };
}

/** A file that exports a backend factory of core under `names`. */
async function backendFile(exports: string): Promise<void> {
  const core = import.meta.resolve("@chainrule/core/interpreter");
  const text = `import { interpreter } from ${JSON.stringify(core)};\n${exports}\n`;
  await writeFile(join(directory, "mine.ts"), text);
}

describe("chainrule-conformance", () => {
  it("runs a backend of a file and ends with the counts", async () => {
    await backendFile("export default () => interpreter();");
    const { code, stdout, stderr } = await run("--backend ./mine.ts --filter relu --tier 1");
    expect([code, stderr]).toEqual([exitCodes.passed, ""]);
    expect(stdout).toMatch(
      /^conformance of interpreter\n[\s\S]*\d+ passed, 0 failed, 0 skipped\n$/,
    );
  });

  it("writes the results as JSON and as a table, and nothing else", async () => {
    await backendFile("export const make = () => interpreter();");
    const line = "--backend ./mine.ts --filter tanh --json all.json --md table.md";
    expect((await run(line)).code).toBe(exitCodes.passed);
    const report = JSON.parse(await readFile(join(directory, "all.json"), "utf8")) as Report;
    expect([report.backend, report.failed]).toEqual(["interpreter", 0]);
    const table = await readFile(join(directory, "table.md"), "utf8");
    expect(table).toMatch(/\| tanh +\| ok [\d.e-]+ +\| ok [\d.e-]+ +\| ok +\|/);
    expect((await readdir(directory)).sort()).toEqual(["all.json", "mine.ts", "table.md"]);
  });

  it("puts several backends side by side and adds up their counts", async () => {
    await backendFile("export const make = () => interpreter();");
    await writeFile(
      join(directory, "other.ts"),
      'import { make } from "./mine.ts";\nconst other = () => ({ ...make(), name: "other" });\nexport default other;\n',
    );
    const line = "--backend ./mine.ts --backend ./other.ts --filter tanh --tier 1 --json all.json";
    const { code, stdout } = await run(line);
    expect(code).toBe(exitCodes.passed);
    const reports = JSON.parse(await readFile(join(directory, "all.json"), "utf8")) as Report[];
    expect(reports.map(({ backend }) => backend)).toEqual(["interpreter", "other"]);
    expect(stdout).toMatch(/\| operation +\| interpreter float32 \|.*\| other float32 \|/);
    const passed = reports.reduce((sum, report) => sum + report.passed, 0);
    expect(stdout).toMatch(new RegExp(`\n${passed} passed, 0 failed, 0 skipped\n$`));
  });

  it("fails with 1 when a check fails, and when none was chosen", async () => {
    await backendFile(
      "export default () => ({ ...interpreter(), capabilities: { ...interpreter().capabilities, syncRead: false } });",
    );
    expect((await run("--backend ./mine.ts --filter capabilities")).code).toBe(exitCodes.failed);
    expect((await run("--backend ./mine.ts --filter nothing-like-this")).code).toBe(1);
  });

  it.each([
    ["", "--backend is missing"],
    ["--backend", "backend"],
    ["--bakend js", "--bakend"],
    ["--backend ./none.js", 'cannot load the backend "./none.js"'],
    ["--backend nothing", 'cannot load the backend "@chainrule/backend-nothing"'],
    ["--backend ./mine.ts", "Name one with --export"],
    ["--backend ./mine.ts --export three", "must have a factory three"],
    [
      "--backend ./mine.ts --export one --tier 9",
      '--tier must be one of 0, 1, 2, 3, 4, 5, 6: got "9"',
    ],
    ["--backend ./mine.ts --export one --filter relu --md no/where.md", "cannot write"],
  ])("says what is wrong with %o", async (line, text) => {
    await backendFile("export const one = () => interpreter(), two = () => interpreter();");
    const { code, stderr } = await run(line);
    expect(stderr).toContain(text);
    expect(code).toBe(exitCodes.usage);
  });

  it("fails with 1 where the factory makes nothing, and says what came of it", async () => {
    await backendFile(
      "export const none = () => {}, late = () => ({ ...interpreter(), contract: 9 }), broken = () => { throw new Error('no device'); };",
    );
    for (const [name, text] of [
      ["none", "got undefined"],
      ["late", "expected contract 1, got contract 9"],
      ["broken", "no device"],
    ]) {
      const { code, stdout, stderr } = await run(`--backend ./mine.ts --export ${name}`);
      expect([code, stdout]).toEqual([exitCodes.failed, ""]);
      expect(stderr).toContain(`conformance: "./mine.ts" gives no backend: `);
      expect(stderr).toContain(text);
    }
  });

  it("has help", async () => {
    const { code, stdout } = await run("--help");
    expect([code, stdout.startsWith("Usage:")]).toEqual([0, true]);
  });
});
