// `pnpm test:browser`: src/in-page runs in the machine's Chromium, src/outside in Node beside it.

import { playwright } from "@vitest/browser-playwright";
import {
  defineConfig,
  type TestProjectInlineConfiguration,
  type ViteUserConfig,
} from "vitest/config";
import { conditionsFor } from "../vitest-config/conditions.js";
import { CountingReporter } from "../vitest-config/counting-reporter.js";
import { findChromium, launchOptions } from "./src/chromium.js";

const outside: TestProjectInlineConfiguration = {
  test: {
    name: "outside",
    include: ["src/outside/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
};

const inPage = (path: string): TestProjectInlineConfiguration => ({
  resolve: { conditions: conditionsFor("browser") },
  test: {
    name: "in-page",
    include: ["src/in-page/**/*.test.ts"],
    testTimeout: 30_000,
    browser: {
      enabled: true,
      headless: true,
      screenshotFailures: false,
      provider: playwright({ launchOptions: launchOptions(path) }),
      instances: [{ browser: "chromium" }],
    },
  },
});

const found = findChromium(process.env);
if ("missing" in found) console.warn(`skipped: ${found.missing}`);

const config: ViteUserConfig = defineConfig({
  test: {
    reporters: [new CountingReporter()],
    projects: "path" in found ? [outside, inPage(found.path)] : [outside],
  },
});

export default config;
