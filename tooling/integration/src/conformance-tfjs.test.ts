// The TensorFlow.js backend passes the whole suite on tfjs-cpu.

import { tfjs } from "@chainrule/backend-tfjs";
import { describeConformance } from "@chainrule/conformance";
import * as tf from "@tensorflow/tfjs-core";
import { describe, it } from "vitest";

describe("tfjs", () => {
  // tfjs-cpu greets on the first use.
  tf.env().set("PROD", true);
  describeConformance(() => tfjs(), { describe, it });
});
