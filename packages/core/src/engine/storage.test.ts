import { beforeEach, describe, expect, it } from "vitest";
import type { Backend } from "../backend/backend.js";
import { assign, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";

/** Frees and reads in the order in which they come to an end; reads take a task. */
const events: string[] = [];

function slow(): Backend {
  const inner = interpreter();
  const names = new Map<object, string>();
  return {
    ...inner,
    upload: (data, dtype) => {
      const handle = inner.upload(data, dtype);
      names.set(handle, `${data}`);
      return handle;
    },
    read: async (handle, offset, length) => {
      const data = await inner.read(handle, offset, length);
      await new Promise((resolve) => setTimeout(resolve));
      events.push(`read ${data}`);
      return data;
    },
    free: (handle) => events.push(`free ${names.get(handle) ?? "result"}`),
  };
}

let backend: Backend;

beforeEach(() => {
  events.length = 0;
  backend = slow();
});

describe("the buffer of a tensor that is being read", () => {
  it("is freed when the read is done, if the tensor is disposed meanwhile", async () => {
    const x = tensor([1, 2], { backend });
    const read = x.data();
    x.dispose();
    expect(events).toEqual([]);
    expect([...(await read)]).toEqual([1, 2]);
    expect(events).toEqual(["read 1,2", "free 1,2"]);
  });

  it("is freed after the last of several reads", async () => {
    const x = tensor([3], { backend });
    const reads = [x.item(), x.item()];
    x.dispose();
    await Promise.all(reads);
    expect(events).toEqual(["read 3", "read 3", "free 3"]);
  });

  it("is freed with the tensor when the read is done before", async () => {
    const x = tensor([4], { backend });
    await x.data();
    expect(events).toEqual(["read 4"]);
    x.dispose();
    expect(events).toEqual(["read 4", "free 4"]);
  });

  it("keeps its elements while another is assigned", async () => {
    const x = tensor([5], { backend });
    const [before, value] = [x.item(), tensor([6], { backend })];
    assign(x, value);
    value.dispose();
    expect(events).toEqual([]);
    expect([await before, await x.item()]).toEqual([5, 6]);
    expect(events).toEqual(["read 5", "free 5", "read 6"]);
    x.dispose();
    expect(events.at(-1)).toBe("free 6");
  });

  it("is freed when the read fails", async () => {
    backend = { ...slow(), read: () => Promise.reject(new Error("gone")) };
    const x = tensor([7], { backend });
    const read = x.data();
    x.dispose();
    await expect(read).rejects.toThrow("gone");
    expect(events).toEqual(["free 7"]);
  });
});

it("a copy that was made to read a view is freed", async () => {
  const x = tensor([1, 2, 3, 4], { backend }).reshape([2, 2]);
  expect([...(await x.T.data())]).toEqual([1, 3, 2, 4]);
  expect(events).toEqual(["read 1,3,2,4", "free result"]);
  expect([...x.T.dataSync()]).toEqual([1, 3, 2, 4]);
  expect(events.slice(2)).toEqual(["free result"]);
});
