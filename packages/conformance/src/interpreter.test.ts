// The suite on the reference backend, which it must accept. The interpreter runs a kernel whatever
// dtypes it claims, as JavaScript does; compilers of typed code do not, so each kernel is checked.

import type { Backend } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { checkKernel } from "@chainrule/kernel";
import { describe, it } from "vitest";
import { describeConformance } from "./describe.js";

function checkingInterpreter(): Backend {
  const backend = interpreter();
  return {
    ...backend,
    compileKernel: (kernel) => {
      checkKernel(kernel);
      return backend.compileKernel(kernel);
    },
  };
}

describeConformance(checkingInterpreter, { describe, it });
