import { defineCases } from "../../define-cases.js";

export default defineCases("maximum", (c) => {
  c.dtypes("any");
  c.reference((a, b) => Math.max(a, b));
  c.gradient();
});
