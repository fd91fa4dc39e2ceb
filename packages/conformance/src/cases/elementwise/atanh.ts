import { defineCases } from "../../define-cases.js";

export default defineCases("atanh", (c) => {
  c.reference(Math.atanh);
  c.gradient([-0.8, -0.3, 0.4, 0.9]);
});
