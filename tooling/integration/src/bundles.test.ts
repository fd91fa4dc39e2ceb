// The sources bundle with the usual tools and run on plain Node.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { bundlers, programPath, runNode, temporaryFolder } from "./bundle.js";
import { readJson, repository } from "./repository.js";

describe.each(["esbuild", "vite"] as const)("bundled with %s", (tool) => {
  const bundle = async (name: string): Promise<string> =>
    bundlers[tool](programPath(name), temporaryFolder());

  test("a program that imports chainrule trains a step", async () => {
    // w = 0: loss (4 + 16) / 2, gradient -2 (2 · 1 + 4 · 2) / 2 = -10; then w = 2 fits exactly.
    expect(runNode(await bundle("step"))).toBe("10 0\n");
  });

  test("core without a backend says which line to add", async () => {
    expect(runNode(await bundle("core-only"))).toBe(
      "BackendError: [getBackend] a backend must be set before the first tensor: " +
        "expected setBackend(…) to have been called, got no backend. " +
        'Add: import { js } from "@chainrule/backend-js"; setBackend(js()). ' +
        'Or import from "chainrule", which does it.\n',
    );
  });

  test("core alone is a fraction of everything", async () => {
    const sizes = [];
    for (const name of ["core-only", "step"]) sizes.push(statSync(await bundle(name)).size);
    const [core = 0, all = 0] = sizes;
    expect(core).toBeLessThan(all);
  });
});

/** The newest time of a file below `folder`; 0 when there is none. */
function newest(folder: string): number {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return Math.max(0, ...files.map((file) => statSync(join(folder, file)).mtimeMs));
}

/** Why the built packages say nothing about the sources; undefined when they are up to date. */
function staleBuild(): string | undefined {
  const names = ["kernel", "core", "init", "nn", "optim", "data", "backend-js", "chainrule"];
  for (const name of names) {
    const folder = join(repository, "packages", name);
    const built = newest(join(folder, "dist"));
    if (built === 0) return `packages/${name} is not built`;
    if (built < newest(join(folder, "src"))) return `packages/${name} was built from older sources`;
  }
  return undefined;
}

test("CommonJS loads the built package with require", (context) => {
  const stale = staleBuild();
  if (stale !== undefined) context.skip(`${stale}: run \`pnpm build\` first`);
  const { exports } = readJson<{ exports: object }>(
    join(repository, "packages/chainrule/package.json"),
  );
  expect(exports).toHaveProperty([".", "default"]);
  const script = 'console.log(require("chainrule").tensor([1, 2]).sum().itemSync())';
  const printed = execFileSync(process.execPath, ["--no-warnings", "-e", script], {
    cwd: join(repository, "tooling/integration"),
    encoding: "utf8",
  });
  expect(printed).toBe("3\n");
});
