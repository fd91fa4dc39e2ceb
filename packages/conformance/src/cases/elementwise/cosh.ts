import { defineCases } from "../../define-cases.js";

export default defineCases("cosh", (c) => {
  c.reference(Math.cosh);
  c.gradient();
});
