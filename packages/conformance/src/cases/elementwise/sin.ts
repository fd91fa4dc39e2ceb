import { defineCases } from "../../define-cases.js";

export default defineCases("sin", (c) => {
  c.reference(Math.sin);
  c.gradient();
});
