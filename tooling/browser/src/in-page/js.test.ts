// The suite in a page. Another backend gets a file such as this one, and its package in package.json;
// one that compiles slowly begins with `vi.setConfig({ testTimeout: 120_000 })`, which is for that file.

import { js } from "@chainrule/backend-js";
import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";

describeConformance(() => js(), { describe, it });
