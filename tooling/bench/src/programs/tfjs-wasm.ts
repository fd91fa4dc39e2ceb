// The .wasm lies beside the program, as on a page.

import "@tensorflow/tfjs-backend-wasm";
import { trainOnce } from "./tfjs.js";

trainOnce("wasm");
