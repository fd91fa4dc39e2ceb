import { defineCases } from "../../define-cases.js";

export default defineCases("acos", (c) => {
  c.reference(Math.acos);
  c.gradient([-0.8, -0.3, 0.4, 0.9]);
});
