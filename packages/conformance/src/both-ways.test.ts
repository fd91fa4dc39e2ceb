import { tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { expect, test } from "vitest";
import { bothWays, eager } from "./both-ways.js";
import type { Bench, Check } from "./check.js";

const bench: Bench = {
  ...eager,
  backend: interpreter(),
  make: async () => interpreter(),
  measure: () => {},
};

function formsOf(run: Check["run"]): readonly Check[] {
  return bothWays({ id: "op > fact", tier: 1, compiles: true, run });
}

test("a check that compiles is tried as it is and as a program", async () => {
  const calls: string[] = [];
  const forms = formsOf(async ({ backend, compiled, prepared }) => {
    const make = (n: number) => tensor([n], { backend });
    const double = prepared(
      (x: ReturnType<typeof make>) => {
        calls.push(`${compiled}`);
        return x.mul(2);
      },
      () => [make(5)],
    );
    for (const n of [1, 2]) expect(await double(make(n)).item()).toBe(2 * n);
  });
  expect(forms.map(({ id }) => id)).toEqual(["op > fact", "op > fact, compiled"]);
  for (const each of forms) await each.run(bench);
  // The program is recorded once.
  expect(calls).toEqual(["false", "false", "true"]);
});

test("one that prepares nothing does not pass as compiled", async () => {
  const [plain, program] = formsOf(() => {});
  await plain?.run(bench);
  await expect(program?.run(bench)).rejects.toThrow("runs nothing as a program");
});

test("any other check has one form", () => {
  expect(bothWays({ id: "op > fact", tier: 1, run: () => {} })).toHaveLength(1);
});
