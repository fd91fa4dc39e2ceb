import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { serve } from "../serve.js";
import { tensorFlow } from "./tfjs.js";

// One thread, with SIMD: what it does on Node of itself.
const { resolve } = createRequire(import.meta.url);
const installed = dirname(resolve("@tensorflow/tfjs-backend-wasm/package.json"));
setWasmPaths(join(installed, "dist/"));

serve(() => tensorFlow("wasm"));
