import { defineCases } from "../../define-cases.js";

export default defineCases("less", (c) => {
  c.dtypes("compare");
  c.reference((a, b) => a < b);
});
