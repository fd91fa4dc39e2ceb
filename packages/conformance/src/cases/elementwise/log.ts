import { defineCases } from "../../define-cases.js";

export default defineCases("log", (c) => {
  c.reference(Math.log);
  c.gradient([0.2, 0.7, 1.5, 4]);
});
