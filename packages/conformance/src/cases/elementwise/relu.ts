import { defineCases } from "../../define-cases.js";

export default defineCases("relu", (c) => {
  c.dtypes("number");
  c.reference((x) => Math.max(x, 0));
  c.gradient();
});
