import { defineCases } from "../../define-cases.js";

export default defineCases("exp", (c) => {
  c.forward([0, 1], [1, Math.E]);
  c.reference(Math.exp);
  c.gradient();
});
