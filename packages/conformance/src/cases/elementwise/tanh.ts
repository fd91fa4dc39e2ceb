import { defineCases } from "../../define-cases.js";

export default defineCases("tanh", (c) => {
  c.reference(Math.tanh);
  c.gradient();
});
