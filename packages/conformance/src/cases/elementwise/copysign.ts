import { copysign } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("copysign", (c) => {
  c.forward([1, -2, 3, -4], [-5, -6, 7, 8], [-1, -2, 3, 4]);
  c.edges([1, -1, 0, Infinity], [-0, 0, -1, -3], [-1, 1, -0, -Infinity]);
  c.reference((a, b) => (b < 0 || Object.is(b, -0) ? -Math.abs(a) : Math.abs(a)));
  c.gradient();
  const negative = c.call("with a number", (x) => copysign(x, -1));
  negative.forward([3, -4], [-3, -4]);
  negative.gradient([3, -4]);
});
