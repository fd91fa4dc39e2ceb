// The suite on the reference backend, which it must accept.

import { interpreter } from "@chainrule/core/interpreter";
import { describe, it } from "vitest";
import { describeConformance } from "./describe.js";

describeConformance(() => interpreter(), { describe, it });
