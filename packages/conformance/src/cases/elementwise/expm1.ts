import { defineCases } from "../../define-cases.js";

export default defineCases("expm1", (c) => {
  // exp(x) - 1 loses all digits here.
  c.forward([1e-10, -1e-10], [1e-10, -1e-10]);
  c.reference(Math.expm1);
  c.gradient();
});
