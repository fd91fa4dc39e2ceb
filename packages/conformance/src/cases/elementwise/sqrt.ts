import { defineCases } from "../../define-cases.js";

export default defineCases("sqrt", (c) => {
  c.reference(Math.sqrt);
  c.gradient([0.2, 0.7, 1.5, 4]);
});
