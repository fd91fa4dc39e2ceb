import { setBackend, setDebug, tensor } from "@chainrule/core";
import { afterEach, expect, test } from "vitest";
import { js } from "./index.js";

/** What is written at level 4, without times. */
function written(run: () => void): string {
  const texts: string[] = [];
  setDebug(4, (text) => texts.push(text));
  run();
  setDebug(0);
  return texts.join("\n").replaceAll(/ +[\d.]+ ms/g, "");
}

afterEach(() => setDebug(0));

test("level 4 shows the generated code once, when it is made", () => {
  setBackend(js());
  const x = tensor([1, 2]);
  const [kernel, code] = written(() => x.neg()).split("  neg as code:\n");
  expect(kernel).toBe(
    "  neg(a: float32[1]) -> out: float32[1]\n  for i < out.0\n    out[i] = -a[i]\n",
  );
  expect(code).toMatch(/^ {2}function kernel_neg\(inputs, scalars, outputs\) \{\n/);
  expect(code).toMatch(/\n {2}\}\njs {2}neg\(float32\[2\]\) -> float32\[2\]$/);
  expect(written(() => x.neg())).toBe("js  neg(float32[2]) -> float32[2]");
});

test("level 4 shows the code of small products too, which is made at the first run", () => {
  setBackend(js());
  const x = tensor([[2]]);
  expect(written(() => x.matmul(x))).toContain(
    "  function kernel_matmul(inputs, scalars, outputs) {",
  );
});

test("level 4 shows no code where none is generated", () => {
  setBackend(js({ csp: "strict" }));
  expect(written(() => tensor([1]).neg())).not.toContain("as code");
});
