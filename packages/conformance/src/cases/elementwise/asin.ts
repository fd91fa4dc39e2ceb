import { defineCases } from "../../define-cases.js";

export default defineCases("asin", (c) => {
  c.reference(Math.asin);
  c.gradient([-0.8, -0.3, 0.4, 0.9]);
});
