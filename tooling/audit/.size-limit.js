// Size gates: minified and gzipped, dependencies included.

const modifyEsbuildConfig = (config) => ({ ...config, format: "esm" });

export default [
  {
    name: "core, whole",
    path: "../../packages/core/dist/index.js",
    limit: "45 kB",
  },
  {
    name: "a perceptron trained on plain JavaScript",
    path: "../../packages/chainrule/dist/index.js",
    import: "{ tensor, Sequential, Linear, ReLU, Adam, crossEntropy }",
    limit: "60 kB",
  },
].map((check) => ({ ...check, gzip: true, modifyEsbuildConfig }));
