import { defineCases } from "../../define-cases.js";

export default defineCases("tan", (c) => {
  c.reference(Math.tan);
  c.gradient([-1.2, -0.6, 0.4, 1.1]);
});
