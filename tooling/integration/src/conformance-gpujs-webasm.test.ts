// The gpu.js backend passes the whole suite in WebAssembly; tooling/browser runs it on WebGL2.

import { gpujs } from "@chainrule/backend-gpujs";
import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";

describe("gpujs, mode webasm", () => {
  describeConformance(() => gpujs({ mode: "webasm" }), { describe, it });
});
