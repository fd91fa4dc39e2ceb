// Programs as text.

import { beforeEach, describe, expect, it } from "vitest";
import { compile } from "../compile.js";
import { setBackend, setDebug, type Tensor, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";
import { batch, quiet, regression } from "./test-step.js";

beforeEach(() => {
  setBackend(interpreter());
});

describe("explain", () => {
  it("shows the phases, the operations and what is captured", () => {
    const { step } = regression();
    const compiled = compile(step, { ...quiet, name: "step" });
    expect(compiled.explain()).toMatch(/^step: no program/);
    compiled(...batch(1));
    const text = compiled.explain();
    expect(text).toMatch(
      /^step, program 1, of \(float32\[3, 2\], float32\[3\]\) on "interpreter": \d+ operations in \d+ kernels/,
    );
    for (const part of ["forward", "backward", "mul", "sub", "reads and writes captured", "flop"]) {
      expect(text).toContain(part);
    }
  });

  it("has a line for each call at DEBUG 1, after what was recorded", () => {
    const lines: string[] = [];
    const twice = compile((x: Tensor) => x.add(x), { name: "twice" });
    const x = tensor([1]);
    setDebug(1, (text) => lines.push(text));
    twice(x);
    twice(x);
    setDebug(0);
    expect(lines).toEqual([
      "interpreter  recording twice:",
      "interpreter  add(float32[1], float32[1]) -> float32[1]",
      "interpreter  twice, compiled (1 kernel)",
      "interpreter  twice, compiled (1 kernel)",
    ]);
  });

  it("shows the backward pass of results that gradients flow through", () => {
    const w = tensor([1, 2], { requiresGrad: true });
    const compiled = compile((x: Tensor) => x.mul(w).sum(), quiet);
    compiled(tensor([3, 4]));
    expect(compiled.explain()).toContain("backward() on its results: 1 operation in 1 kernel");
    compiled.dispose();
    expect(compiled.explain()).toContain("no program");
  });
});
