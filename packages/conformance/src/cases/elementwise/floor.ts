import { defineCases } from "../../define-cases.js";

export default defineCases("floor", (c) => {
  c.dtypes("number");
  c.reference(Math.floor);
  c.gradient();
});
