import { defineCases } from "../../define-cases.js";

export default defineCases("mul", (c) => {
  c.dtypes("any");
  c.reference((a, b) => a * b);
  c.integers(Math.imul);
  c.gradient();
});
