import { defineCases } from "../../define-cases.js";

export default defineCases("acosh", (c) => {
  c.reference(Math.acosh);
  c.gradient([1.2, 2, 3.5]);
});
