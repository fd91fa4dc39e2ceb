// The kernels that backends are given must be well-formed themselves.

import { checkKernel } from "@chainrule/kernel";
import { expect, test } from "vitest";
import { chosenKernels } from "./chosen-kernels.js";
import { randomKernel } from "./random-kernels.js";

test.each(chosenKernels().map((each) => [each.title, each] as const))(
  "%s is well-formed",
  (_, { kernel }) => {
    expect(() => checkKernel(kernel)).not.toThrow();
  },
);

test("random kernels are well-formed, and the same ones every time", () => {
  for (let seed = 0; seed < 200; seed++) {
    const { kernel } = randomKernel(seed);
    expect(() => checkKernel(kernel)).not.toThrow();
    expect(randomKernel(seed).kernel).toEqual(kernel);
  }
});
