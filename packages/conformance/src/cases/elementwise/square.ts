import { defineCases } from "../../define-cases.js";

export default defineCases("square", (c) => {
  c.dtypes("number");
  c.reference((x) => x * x);
  c.gradient();
});
