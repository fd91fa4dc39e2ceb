import * as library from "gpu.js";
import { expect, it } from "vitest";
import { Engine, type GpuLibrary, type Mode } from "./engine.js";

const start = (mode: Mode): Engine => new Engine(library.GPU as unknown as GpuLibrary, mode);

it("goes on with more kernels than WebAssembly has memory for", async () => {
  const engine = start("webasm");
  const x = engine.upload(Float32Array.of(1, 2));
  const programs = Array.from({ length: 300 }, (_, n) => ({
    name: `times ${n}`,
    text: `function kernel(x0) { return x0[this.thread.x] * ${n}; }`,
    arrays: 1,
    numbers: 0,
  }));
  for (let round = 0; round < 2; round++)
    for (const [n, program] of programs.entries())
      expect([...engine.download(engine.run(program, [x], [], 2), 2)]).toEqual([n, 2 * n]);
  await engine.close();
});

it("names the kernel that gpu.js cannot run", async () => {
  const engine = start("cpu");
  const odd = { name: "odd", text: "function kernel() { return no(1); }", arrays: 0, numbers: 0 };
  expect(() => engine.run(odd, [], [], 1)).toThrow(
    /^\[gpujs\] gpu\.js must run the kernel odd: expected a result in mode cpu, got /,
  );
  await engine.close();
});
