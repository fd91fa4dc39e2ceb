import { defineConfig } from "tsup";

/**
 * The bundler settings of a published library: ESM for Node 20 and browsers, types beside the code,
 * no dependency bundled. The types are rolled up against the built types of the dependencies, as a
 * user has them; hence a build needs the builds below it (turbo orders them).
 */
export const library = ({ entry }) =>
  defineConfig({
    entry,
    format: "esm",
    target: "node20",
    platform: "neutral",
    sourcemap: true,
    // Parts for Node keep their `node:` imports.
    removeNodeProtocol: false,
    external: [/^node:/],
    clean: true,
    // The bundler reads a compiler option that TypeScript 6 calls deprecated.
    dts: { compilerOptions: { ignoreDeprecations: "6.0", customConditions: [] } },
  });
