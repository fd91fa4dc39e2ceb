// The suite that every backend passes.

import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";
import { __name__ } from "./backend.js";

describeConformance(() => __name__(), { describe, it });
