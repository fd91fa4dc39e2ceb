// A task as two files that any language reads: JSON in which arrays are places in a file of bytes.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Task } from "./task.js";

/** Where the elements of an array lie: 4 bytes each, in the byte order of the machine. */
interface Place {
  readonly dtype: "float32" | "int32";
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
}

/** Writes `task` into `folder`. */
export function writeTask(folder: string, task: Task): void {
  const chunks: Uint8Array[] = [];
  let offset = 0;
  const json = JSON.stringify(task, (_, value: unknown) => {
    const isFloat = value instanceof Float32Array;
    if (!isFloat && !(value instanceof Int32Array)) return value;
    chunks.push(new Uint8Array(value.buffer, value.byteOffset, value.byteLength));
    const place: Place = { dtype: isFloat ? "float32" : "int32", offset, length: value.length };
    offset += value.byteLength;
    return place;
  });
  writeFileSync(join(folder, "task.json"), json);
  writeFileSync(join(folder, "arrays.bin"), Buffer.concat(chunks));
}

/** Reads the task that {@link writeTask} wrote into `folder`. */
export function readTask(folder: string): Task {
  const bytes = readFileSync(join(folder, "arrays.bin"));
  const json = readFileSync(join(folder, "task.json"), "utf8");
  return JSON.parse(json, (_, value: unknown) => {
    if (!isPlace(value)) return value;
    // A copy: arrays must not share memory, and must begin at a multiple of 4.
    const { buffer } = Uint8Array.from(
      bytes.subarray(value.offset, value.offset + 4 * value.length),
    );
    return value.dtype === "float32" ? new Float32Array(buffer) : new Int32Array(buffer);
  }) as Task;
}

function isPlace(value: unknown): value is Place {
  return typeof value === "object" && value !== null && "dtype" in value && "offset" in value;
}
