import { defineCases } from "../../define-cases.js";

export default defineCases("atan2", (c) => {
  c.reference(Math.atan2);
  c.gradient();
});
