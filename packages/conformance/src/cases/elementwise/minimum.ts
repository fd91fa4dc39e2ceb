import { defineCases } from "../../define-cases.js";

export default defineCases("minimum", (c) => {
  c.dtypes("any");
  c.reference((a, b) => Math.min(a, b));
  c.gradient();
});
