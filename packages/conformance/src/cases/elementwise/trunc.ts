import { defineCases } from "../../define-cases.js";

export default defineCases("trunc", (c) => {
  c.dtypes("number");
  c.reference(Math.trunc);
  c.gradient();
});
