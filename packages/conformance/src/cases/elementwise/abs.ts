import { defineCases } from "../../define-cases.js";

export default defineCases("abs", (c) => {
  c.dtypes("number");
  c.reference(Math.abs);
  c.gradient();
});
