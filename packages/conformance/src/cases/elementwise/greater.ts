import { defineCases } from "../../define-cases.js";

export default defineCases("greater", (c) => {
  c.dtypes("compare");
  c.reference((a, b) => a > b);
});
