import { defineCases } from "../../define-cases.js";

export default defineCases("sinh", (c) => {
  c.reference(Math.sinh);
  c.gradient();
});
