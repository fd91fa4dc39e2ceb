import { defineCases } from "../../define-cases.js";

export default defineCases("softplus", (c) => {
  c.forward([-1, 0, 1, 100], [0.3132617, Math.LN2, 1.3132617, 100]); // closed form
  c.edges([Number.NaN, Infinity, -Infinity], [Number.NaN, Infinity, 0]);
  c.gradient();
});
