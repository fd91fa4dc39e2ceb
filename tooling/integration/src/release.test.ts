// Two promises of the tool chain: one version for all, and builds from the bottom up.

import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { manifests, repository, workspaceFolders } from "./repository.js";

const tools = join(repository, "node_modules/.bin");

test("a minor change of core at 0.1.0 releases every package as 0.2.0", () => {
  const copy = copyOfManifests();
  writeFileSync(
    join(copy, ".changeset/probe.md"),
    '---\n"@chainrule/core": minor\n---\n\nA probe.\n',
  );
  execFileSync(join(tools, "changeset"), ["version"], { cwd: copy, stdio: "pipe" });

  const published = manifests(copy).filter((manifest) => !manifest.private);
  expect(published.map(({ name, version }) => `${name} ${version}`)).toEqual(
    published.map(({ name }) => `${name} 0.2.0`),
  );
  const peers = published
    .flatMap((manifest) => Object.entries(manifest.peerDependencies ?? {}))
    .filter(([name]) => name.startsWith("@chainrule/"));
  expect(new Set(peers.map(([, range]) => range))).toEqual(new Set(["workspace:>=0.1.0 <1"]));
});

test("turbo builds core before nn", () => {
  const plan = execFileSync(
    join(tools, "turbo"),
    ["run", "build", "--filter=@chainrule/nn", "--dry=json"],
    {
      cwd: repository,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1", TURBO_NO_UPDATE_NOTIFIER: "1" },
    },
  );
  const tasks: { taskId: string; dependencies: string[] }[] = JSON.parse(plan).tasks;
  const nn = tasks.find((task) => task.taskId === "@chainrule/nn#build");
  expect(nn?.dependencies).toContain("@chainrule/core#build");
});

/** A repository in a temporary folder with our manifests, all at 0.1.0, and nothing else. */
function copyOfManifests(): string {
  const copy = mkdtempSync(join(tmpdir(), "chainrule-release-"));
  onTestFinished(() => rmSync(copy, { recursive: true }));
  const folders = workspaceFolders().map((folder) => `${folder}/package.json`);
  for (const file of [
    "package.json",
    "pnpm-workspace.yaml",
    ".changeset/config.json",
    ...folders,
  ]) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(repository, file), join(copy, file));
  }
  symlinkSync(join(repository, "node_modules"), join(copy, "node_modules"));
  return copy;
}
