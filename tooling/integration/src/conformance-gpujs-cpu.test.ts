// The gpu.js backend passes the whole suite in JavaScript; tooling/browser runs it on WebGL2.

import { gpujs } from "@chainrule/backend-gpujs";
import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";

describe("gpujs, mode cpu", () => {
  describeConformance(() => gpujs({ mode: "cpu" }), { describe, it });
});
