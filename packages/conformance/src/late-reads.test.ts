import { InternalError, tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { lateReads, laterTask } from "./late-reads.js";

test("elements come in a later task, as they were at the call", async () => {
  const backend = lateReads(interpreter());
  const handle = backend.upload(Float32Array.of(1, 2), "float32");
  const events: string[] = [];
  const read = backend.read(handle, 0, 2).then((data) => events.push(`${data}`));
  backend.write(handle, 0, Float32Array.of(8, 9));
  for (let i = 0; i < 20; i++) await Promise.resolve();
  events.push("microtasks are done");
  await read;
  expect(events).toEqual(["microtasks are done", "1,2"]);
});

test("there is no reading at once, and what needs it is left out", () => {
  const good = interpreter();
  const scan = (): void => {};
  const rank = (): void => {};
  const backend = lateReads({
    ...good,
    routines: { scan, rank },
    info: () => ({ ...good.info(), hostRoutines: ["rank"] }),
  });
  expect([backend.readSync, backend.capabilities.syncRead]).toEqual([undefined, false]);
  expect(Object.keys(backend.routines ?? {})).toEqual(["scan"]);
  expect(backend.info()).toMatchObject({ name: backend.name, hostRoutines: [] });
  expect(() => tensor([1], { backend }).dataSync()).toThrow("late interpreter");
});

test("a handle that is freed while it is read is a fault of the engine", async () => {
  const backend = lateReads(interpreter());
  const handle = backend.upload(Float32Array.of(1), "float32");
  const read = backend.read(handle, 0, 1);
  backend.free(handle);
  await expect(read).rejects.toThrow(InternalError);
  await laterTask();
});
