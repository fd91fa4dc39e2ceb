/** How packages of the workspace resolve in tests and pages: to their sources, so that neither needs a build. */
export function conditionsFor(platform: "browser" | "node"): string[] {
  return ["@chainrule/source", "module", platform, "development|production"];
}
