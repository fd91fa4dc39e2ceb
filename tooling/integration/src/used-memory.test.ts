// Memory comes with what was in it before. Kernels write every element once; routines that add up
// must not take it for zeros.

import { js } from "@chainrule/backend-js";
import { describeConformance } from "@chainrule/conformance";
import type { Backend } from "@chainrule/core";
import type { TypedArray } from "@chainrule/kernel";
import { describe, it } from "vitest";

/** A backend whose memory is never zero at first. */
function withUsedMemory(backend: Backend): Backend {
  return {
    ...backend,
    allocate: (length, dtype) => {
      const handle = backend.allocate(length, dtype);
      (handle as { data: TypedArray }).data.fill(dtype === "bool" ? 1 : 77);
      return handle;
    },
  };
}

const filter = /^(conv|convTranspose|cumulativeSum|fold|matmul|scatterAdd|sort|windows) > /;

describeConformance(() => withUsedMemory(js()), { describe, it, filter });
