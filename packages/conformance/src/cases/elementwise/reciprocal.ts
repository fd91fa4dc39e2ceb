import { defineCases } from "../../define-cases.js";

export default defineCases("reciprocal", (c) => {
  c.reference((x) => 1 / x);
  c.gradient();
});
