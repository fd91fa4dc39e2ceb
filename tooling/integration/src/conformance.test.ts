// The backends that ship pass the whole suite.

import { gpujs } from "@chainrule/backend-gpujs";
import { js } from "@chainrule/backend-js";
import { tfjs } from "@chainrule/backend-tfjs";
import { describeConformance } from "@chainrule/conformance";
import * as tf from "@tensorflow/tfjs-core";
import { describe, it } from "vitest";

describe("js", () => {
  describeConformance(() => js(), { describe, it });
});

describe("tfjs", () => {
  // tfjs-cpu greets on the first use.
  tf.env().set("PROD", true);
  describeConformance(() => tfjs(), { describe, it });
});

describe.each(["webasm", "cpu"] as const)("gpujs, mode %s", (mode) => {
  describeConformance(() => gpujs({ mode }), { describe, it });
});
