// The suite on the GPU path: gpu.js through WebGL2, whose shaders compile slowly in software.

import { gpujs } from "@chainrule/backend-gpujs";
import { describeConformance } from "@chainrule/conformance";
import { describe, it, vi } from "vitest";

vi.setConfig({ testTimeout: 120_000 });

describeConformance(() => gpujs({ mode: "webgl2" }), { describe, it });
