import { signbit } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { specialCases } from "../../fixtures.js";
import { bool } from "../../values.js";

export default defineCases("signbit", (c) => {
  c.primitive();
  c.nonDifferentiable("its results are bool");
  c.dtypes("test");
  c.forward([1, -2, 0.5], bool([0, 1, 0]));
  c.reference((x) => x < 0 || Object.is(x, -0));
  for (const { inputs, expected } of specialCases("signbit")) {
    c.edges(inputs[0] ?? [], bool(expected.map(Number)));
  }
  c.torch(() => signbit);
});
