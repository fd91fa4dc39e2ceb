// The JavaScript backend passes the whole suite. A file for each backend: files run side by side.

import { js } from "@chainrule/backend-js";
import { describeConformance } from "@chainrule/conformance";
import { describe, it } from "vitest";

describe("js", () => {
  describeConformance(() => js(), { describe, it });
});
