// backend-js passes the whole suite.

import { js } from "@chainrule/backend-js";
import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";

describeConformance(() => js(), { describe, it });
