// The suite on the GPU path: gpu.js through WebGL2, whose shaders compile slowly in software. A program
// has shaders of its own: what Node tries as programs in the lower tiers would take most of an hour
// here, so that programs are those of layers and trainings.

import { gpujs } from "@chainrule/backend-gpujs";
import { describeConformance } from "@chainrule/conformance";
import { describe, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });

const webgl2 = () => gpujs({ mode: "webgl2" });

describeConformance(webgl2, { describe, it, tiers: [0, 1, 2, 3], filter: /(?<!, compiled)$/ });
describeConformance(webgl2, { describe, it, tiers: [5, 6] });
describeConformance(webgl2, { describe, it, tiers: [4], filter: /(?<!, compiled)$/ });
