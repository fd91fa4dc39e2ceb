import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type ViteUserConfig } from "vitest/config";
import { conditionsFor } from "./conditions.js";
import { CountingReporter } from "./counting-reporter.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));

/** Workspace folders that hold tests: each is a project of its own, named after the folder. */
const projects = ["packages", "apps", "tooling"].flatMap((group) =>
  readdirSync(join(repository, group))
    .map((folder) => `${group}/${folder}`)
    .filter((folder) => existsSync(join(repository, folder, "package.json")))
    .filter((folder) => !/^tooling\/(?!integration$|generators$|bench$)/.test(folder)),
);

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: [new CountingReporter()],
    projects: projects.map((folder) => ({
      root: resolve(repository, folder),
      resolve: { conditions: conditionsFor("browser") },
      ssr: { resolve: { conditions: conditionsFor("node") } },
      test: {
        name: folder.slice(folder.indexOf("/") + 1),
        include: ["src/**/*.test.ts"],
        testTimeout: 120_000,
      },
    })),
  },
});

export default config;
