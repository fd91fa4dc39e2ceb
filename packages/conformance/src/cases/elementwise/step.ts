import { defineCases } from "../../define-cases.js";

export default defineCases("step", (c) => {
  c.dtypes("number");
  c.reference((x) => (x < 0 ? 0 : x >= 0 ? 1 : x));
  c.gradient();
});
