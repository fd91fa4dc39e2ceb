import { defineCases } from "../../define-cases.js";

export default defineCases("log10", (c) => {
  c.forward([1000, 1e-3], [3, -3]);
  c.reference(Math.log10);
  c.gradient([0.2, 0.7, 1.5, 4]);
});
