import { defineCases } from "../../define-cases.js";

export default defineCases("asinh", (c) => {
  c.reference(Math.asinh);
  c.gradient();
});
