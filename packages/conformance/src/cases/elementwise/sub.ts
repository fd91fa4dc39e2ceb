import { defineCases } from "../../define-cases.js";

export default defineCases("sub", (c) => {
  c.dtypes("number");
  c.reference((a, b) => a - b);
  c.gradient();
});
