import { defineCases } from "../../define-cases.js";

export default defineCases("cos", (c) => {
  c.reference(Math.cos);
  c.gradient();
});
