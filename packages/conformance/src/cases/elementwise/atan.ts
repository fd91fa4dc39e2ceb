import { defineCases } from "../../define-cases.js";

export default defineCases("atan", (c) => {
  c.reference(Math.atan);
  c.gradient();
});
