import type { Backend, LostInfo, OpTable, Routines } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { routinesOf, viewOf } from "./backend-view.js";
import { runConformance } from "./runner.js";

/** A backend whose members are methods of a class with private state. */
class ClassBackend implements Backend {
  readonly #inner = interpreter();
  readonly name = "class";
  readonly contract = 1;
  readonly lost: Promise<LostInfo> = new Promise(() => {});
  readonly ops: OpTable = {};
  readonly routines: Partial<Routines> = new ClassRoutines();
  get capabilities(): Backend["capabilities"] {
    return this.#inner.capabilities;
  }
  allocate(...args: Parameters<Backend["allocate"]>): object {
    return this.#inner.allocate(...args);
  }
  upload(...args: Parameters<Backend["upload"]>): object {
    return this.#inner.upload(...args);
  }
  write(...args: Parameters<Backend["write"]>): void {
    this.#inner.write(...args);
  }
  read(...args: Parameters<Backend["read"]>): ReturnType<Backend["read"]> {
    return this.#inner.read(...args);
  }
  readSync(...args: Parameters<Backend["read"]>): ReturnType<NonNullable<Backend["readSync"]>> {
    return this.#inner.readSync?.(...args) ?? new Float32Array();
  }
  free(handle: object): void {
    this.#inner.free(handle);
  }
  compileKernel(
    ...args: Parameters<Backend["compileKernel"]>
  ): ReturnType<Backend["compileKernel"]> {
    return this.#inner.compileKernel(...args);
  }
  info(): ReturnType<Backend["info"]> {
    return { ...this.#inner.info(), name: "class" };
  }
  ready(): Promise<void> {
    return this.#inner.ready();
  }
  close(): Promise<void> {
    return this.#inner.close();
  }
}

class ClassRoutines {
  readonly #calls: number[] = [];
  scan(): void {
    this.#calls.push(1);
    throw new Error(`called ${this.#calls.length} times`);
  }
}

test("a view of an instance of a class has all its members, bound to it", async () => {
  const backend = new ClassBackend();
  const view = viewOf(backend, { name: "view" });
  const { upload, read } = view;
  expect([...(await read(upload(Int32Array.of(1, 2), "int32"), 1, 1))]).toEqual([2]);
  expect([view.name, view.contract, view.lost]).toEqual(["view", 1, backend.lost]);
});

test("members can be replaced and left out", () => {
  const backend = new ClassBackend();
  const view = viewOf(backend, { readSync: undefined, ops: undefined });
  expect("readSync" in view).toBe(false);
  expect("ops" in view).toBe(false);
  expect("routines" in view).toBe(true);
  expect(typeof backend.readSync).toBe("function");
});

test("routines are wrapped one by one, bound to where they come from", () => {
  const asked: string[] = [];
  const { scan, rank } = routinesOf(new ClassBackend(), (run, name) => {
    asked.push(name);
    return run;
  });
  expect([asked, rank]).toEqual([["scan"], undefined]);
  const call = scan as () => void;
  expect(call).toThrow("called 1 times");
});

test("the suite runs on instances of classes", async () => {
  const filter = /^(storage|concurrency|tanh) /;
  const report = await runConformance(() => new ClassBackend(), { filter });
  expect(report.results.filter(({ outcome }) => outcome === "failed")).toEqual([]);
  expect(report.passed).toBeGreaterThan(80);
});
