import { defineCases } from "../../define-cases.js";

export default defineCases("div", (c) => {
  c.reference((a, b) => a / b);
  c.gradient();
});
