// Writing a part of a buffer. A thread cannot choose where it writes, so every element of the new
// array decides whether it is a fresh one or stays as it was.

import type { BufferHandle, Layout } from "@chainrule/kernel";
import type { DeviceArray, Engine, Program } from "./engine.js";
import type { Memory } from "./memory.js";

const insertRun: Program = {
  name: "insert",
  arrays: 2,
  numbers: 2,
  text: `function kernel(x0, x1, offset, count) {
  const i = this.thread.x - offset;
  const inside = logicalAnd(isLessEqual(0, i), isLess(i, count));
  const safe = choose(inside, i, 0);
  return choose(inside, x1[safe], x0[this.thread.x]);
}`,
};

const insertPlaced: Program = {
  name: "insert",
  arrays: 3,
  numbers: 0,
  text: `function kernel(x0, x1, x2) {
  const i = x2[this.thread.x];
  const inside = isLessEqual(0, i);
  const safe = choose(inside, i, 0);
  return choose(inside, x1[safe], x0[this.thread.x]);
}`,
};

/** The array of `buffer` with `count` elements from `offset` on replaced by those of `fresh`. */
export function insert(
  engine: Engine,
  memory: Memory,
  { buffer, offset, count }: { buffer: BufferHandle; offset: number; count: number },
  fresh: DeviceArray,
): DeviceArray {
  const arrays = [memory.array(buffer), fresh];
  return engine.run(insertRun, arrays, [offset, count], memory.length(buffer));
}

/** The array of `buffer` where the elements seen through `layout` are those of `fresh`, row-major. */
export function insertThrough(
  engine: Engine,
  memory: Memory,
  { buffer, layout, offset }: { buffer: BufferHandle; layout: Layout; offset: number },
  fresh: DeviceArray,
): DeviceArray {
  const length = memory.length(buffer);
  const places = engine.upload(placesOf(layout, offset, length));
  const arrays = [memory.array(buffer), fresh, places];
  const result = engine.run(insertPlaced, arrays, [], length);
  engine.release(places);
  return result;
}

/** For each element of a buffer its position in the view, -1 for those that the view leaves out. */
function placesOf({ shape, strides, size }: Layout, offset: number, length: number): Float32Array {
  const places = new Float32Array(length).fill(-1);
  const index = shape.map(() => 0);
  let address = offset;
  for (let position = 0; position < size; position++) {
    places[address] = position;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const step = strides[axis] ?? 0;
      const next = (index[axis] ?? 0) + 1;
      address += step;
      if (next < (shape[axis] ?? 0)) {
        index[axis] = next;
        break;
      }
      address -= next * step;
      index[axis] = 0;
    }
  }
  return places;
}
