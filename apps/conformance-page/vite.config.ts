import { defineConfig, type UserConfig } from "vite";
import { conditionsFor } from "../../tooling/vitest-config/conditions.js";

const config: UserConfig = defineConfig({
  // Works from any folder of a server.
  base: "./",
  resolve: { conditions: conditionsFor("browser") },
  build: { target: "es2022", chunkSizeWarningLimit: 5000 },
});

export default config;
