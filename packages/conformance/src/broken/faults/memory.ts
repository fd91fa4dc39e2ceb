// Faults of memory: given, written, read and given back.

import type { Backend } from "@chainrule/core";
import { bytesPerElement, type DType, newArray, type TypedArray } from "@chainrule/kernel";
import type { BrokenBackend } from "../broken-backend.js";
import { broken } from "../wrap.js";

export const memoryFaults: readonly BrokenBackend[] = [
  {
    fault: "keeps the caller's array instead of a copy",
    caughtBy: ["storage > float32 > upload copies"],
    wrap: aliasingUpload,
  },
  {
    fault: "never gives memory back",
    caughtBy: ["storage > freed memory can be had again"],
    wrap: leaking,
  },
  {
    fault: "gives the memory of a live array to another one",
    caughtBy: ["storage > live arrays share no memory"],
    wrap: (good) => {
      const given = new Map<string, object>();
      return broken(good, {
        allocate: (length, dtype) => {
          const key = `${length} ${dtype}`;
          const known = given.get(key) ?? good.allocate(length, dtype);
          given.set(key, known);
          return known;
        },
      });
    },
  },
  {
    fault: "overwrites inputs that another output of the kernel still needs",
    caughtBy: ["kernels > outputs over inputs"],
    wrap: (good) =>
      broken(good, {
        compileKernel: (kernel) => {
          const passes = kernel.outputs.map((output) =>
            good.compileKernel({ ...kernel, outputs: [output] }),
          );
          return {
            run: (inputs, scalars, outputs) => {
              for (const [o, pass] of passes.entries()) {
                pass.run(inputs, scalars, outputs.slice(o, o + 1));
              }
            },
          };
        },
      }),
  },
  {
    fault: "writes at the start of an array whatever the offset",
    caughtBy: ["storage > float32 > writes at an offset"],
    wrap: (good) => broken(good, { write: (handle, _offset, data) => good.write(handle, 0, data) }),
  },
  {
    fault: "goes on working after close()",
    caughtBy: ["storage > a closed backend refuses work"],
    wrap: (good) => broken(good, { close: async () => {} }),
  },
  {
    fault: "gives an array that was freed to two others",
    caughtBy: ["storage > a freed array does not disturb the others"],
    wrap: (good) => {
      const idle = new Map<string, object[]>();
      const kinds = new WeakMap<object, string>();
      return broken(good, {
        upload: (data, dtype) => {
          const kind = `${data.length} ${dtype}`;
          const handle = idle.get(kind)?.pop() ?? good.upload(data, dtype);
          kinds.set(handle, kind);
          good.write(handle, 0, data);
          return handle;
        },
        free: (handle) => {
          const kind = kinds.get(handle);
          if (kind !== undefined) idle.set(kind, [handle, handle]);
        },
      });
    },
  },
  {
    fault: "says that it can read at once, but cannot",
    caughtBy: ["storage > capabilities are complete"],
    wrap: (good) => broken(good, { readSync: undefined }),
  },
  {
    fault: "says that it cannot read at once, but can",
    caughtBy: ["storage > capabilities are complete"],
    wrap: (good) => broken(good, { capabilities: { ...good.capabilities, syncRead: false } }),
  },
  {
    fault: "says that it has float64, but keeps float32",
    caughtBy: ["storage > float64 > reads back what was uploaded"],
    wrap: (good) =>
      broken(good, {
        upload: (data, dtype) =>
          good.upload(dtype === "float64" ? data.map(Math.fround) : data, dtype),
      }),
  },
  {
    fault: "computes routines on the host, whose memory it cannot reach",
    caughtBy: ["storage > info() describes the backend"],
    wrap: (good) =>
      broken(good, {
        readSync: undefined,
        capabilities: { ...good.capabilities, syncRead: false },
        info: () => ({ ...good.info(), hostRoutines: ["scan"] }),
      }),
  },
];

/** Every read sees what the uploaded array holds by then. */
function aliasingUpload(good: Backend): Backend {
  const sources = new WeakMap<object, { data: TypedArray; dtype: DType }>();
  return broken(good, {
    upload: (data, dtype) => {
      const handle = good.upload(data.length === 0 ? newArray(dtype, 1) : data, dtype);
      sources.set(handle, { data, dtype });
      return handle;
    },
    write: (handle, offset, data) => {
      sources.get(handle)?.data.set(data, offset);
      good.write(handle, offset, data);
    },
    read: (handle, offset, length) => {
      const source = sources.get(handle);
      if (source !== undefined) good.write(handle, 0, source.data);
      return good.read(handle, offset, length);
    },
  });
}

/** A device of 1 GiB on which everything that was ever given counts. */
function leaking(good: Backend): Backend {
  let left = 2 ** 30;
  const take = (length: number, dtype: DType): void => {
    left -= length * bytesPerElement(dtype);
    if (left < 0) throw new Error("the device is out of memory");
  };
  return broken(good, {
    allocate: (length, dtype) => {
      take(length, dtype);
      return good.allocate(length, dtype);
    },
    upload: (data, dtype) => {
      take(data.length, dtype);
      return good.upload(data, dtype);
    },
    free: () => {},
  });
}
