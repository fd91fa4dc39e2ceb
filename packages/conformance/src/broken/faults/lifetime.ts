// Faults in the course of time: reads on their way, several instances, the end of a backend.

import type { Backend } from "@chainrule/core";
import { newArray, type TypedArray } from "@chainrule/kernel";
import { laterTask } from "../../late-reads.js";
import type { BrokenBackend } from "../broken-backend.js";
import { losable, loseDevice } from "../losable.js";
import { broken } from "../wrap.js";

export const lifetimeFaults: readonly BrokenBackend[] = [
  {
    fault: "keeps a list of all that was ever uploaded",
    caughtBy: [
      "leaks > a backend keeps nothing of what it has freed",
      "leaks > a backend keeps nothing that is out of reach",
      "leaks > a closed backend keeps nothing",
    ],
    wrap: (good) => {
      const all: object[] = [];
      return broken(good, {
        upload: (data, dtype) => {
          const handle = good.upload(data, dtype);
          all.push(handle);
          return handle;
        },
      });
    },
  },
  {
    fault: "reads what is there when the read gets its turn",
    caughtBy: ["concurrency > a read gives what was there when it was asked for"],
    wrap: (good) =>
      broken(good, {
        read: async (handle, offset, length) => {
          await laterTask();
          return good.read(handle, offset, length);
        },
      }),
  },
  {
    fault: "has one place for the elements of all reads",
    caughtBy: [
      "concurrency > a read gives what was there when it was asked for",
      "concurrency > a read outlives the tensor that it is of",
      "concurrency > a read is not changed by what is assigned after it",
      "concurrency > reads are right through 400 random actions",
      "concurrency > two tasks on one backend take turns",
    ],
    wrap: (good) => {
      let place: Promise<TypedArray>;
      return broken(good, {
        read: async (handle, offset, length) => {
          place = good.read(handle, offset, length);
          await laterTask();
          return (await place).slice(0, length);
        },
      });
    },
  },
  {
    fault: "closes all of its kind",
    caughtBy: ["storage > closing one backend leaves another working"],
    wrap: closingAll(),
  },
  {
    fault: "has no words for being closed",
    caughtBy: ["storage > a closed backend refuses work"],
    wrap: (good) => {
      let device: Backend | undefined = good;
      // As a program without types does it.
      const there = (): Backend => device as Backend;
      return broken(good, {
        allocate: (length, dtype) => there().allocate(length, dtype),
        upload: (data, dtype) => there().upload(data, dtype),
        write: (handle, offset, data) => there().write(handle, offset, data),
        read: async (handle, offset, length) => there().read(handle, offset, length),
        close: async () => {
          device = undefined;
        },
      });
    },
  },
  {
    fault: "does not let go of an array once it is closed",
    caughtBy: ["storage > a closed backend refuses work"],
    wrap: (good) => {
      let isOpen = true;
      return broken(good, {
        free: (handle) => {
          if (!isOpen) throw new Error("closed");
          good.free(handle);
        },
        close: () => {
          isOpen = false;
          return good.close();
        },
      });
    },
  },
  {
    fault: "never answers the reads that were on their way when it was closed",
    caughtBy: ["device loss > reads on their way come to an end when the backend is closed"],
    wrap: (good) => {
      let isOpen = true;
      return broken(good, {
        read: async (handle, offset, length) => {
          const data = await good.read(handle, offset, length);
          await laterTask();
          return isOpen ? data : new Promise(() => {});
        },
        close: () => {
          isOpen = false;
          return good.close();
        },
      });
    },
  },
  {
    fault: "says from the start that its device is lost",
    caughtBy: ["device loss > lost is pending while the device is there"],
    wrap: (good) => broken(good, { lost: Promise.resolve({ reason: "unknown" }) }),
  },
  {
    fault: "gives zeros once its device is lost",
    caughtBy: ["device loss > nothing gives a number any more"],
    wrap: (good) => losable(broken(good, {}), (length) => newArray("float32", length)),
    loseDevice,
  },
];

function closingAll(): BrokenBackend["wrap"] {
  const all: Backend[] = [];
  return (good) => {
    all.push(good);
    return broken(good, {
      close: async () => {
        for (const each of all) await each.close();
      },
    });
  };
}
