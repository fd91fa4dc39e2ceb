// Imports between source files must not run in circles. Type-only imports do not count: they are
// gone before the graph is drawn. Workspace packages resolve to their sources, so that circles
// through several packages show as well.
module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "resolvable",
      severity: "error",
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: "packages-by-name",
      comment: "Import another package by its name, never by a path into its folder.",
      severity: "error",
      from: { path: "^(?:packages|apps)/([^/]+)/" },
      to: {
        path: "^(?:packages|apps)/",
        pathNot: "^(?:packages|apps)/$1/",
        dependencyTypes: ["local"],
      },
    },
  ],
  options: {
    tsPreCompilationDeps: false,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@chainrule/source", "import", "node", "default"],
    },
    exclude: { path: ["/dist/", "tsup\\.config\\.ts$"] },
    doNotFollow: { path: "node_modules" },
  },
};
