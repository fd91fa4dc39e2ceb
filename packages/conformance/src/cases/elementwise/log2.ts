import { defineCases } from "../../define-cases.js";

export default defineCases("log2", (c) => {
  c.forward([8, 0.25], [3, -2]);
  c.reference(Math.log2);
  c.gradient([0.2, 0.7, 1.5, 4]);
});
