import { defineCases } from "../../define-cases.js";

export default defineCases("add", (c) => {
  c.dtypes("any");
  c.reference((a, b) => a + b);
  c.gradient();
});
