import { defineCases } from "../../define-cases.js";

export default defineCases("log1p", (c) => {
  // log(1 + x) loses all digits here.
  c.forward([1e-10, -1e-10], [1e-10, -1e-10]);
  c.reference(Math.log1p);
  c.gradient([-0.6, 0.7, 1.5, 4]);
});
