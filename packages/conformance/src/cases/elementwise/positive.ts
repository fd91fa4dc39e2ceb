import { defineCases } from "../../define-cases.js";

export default defineCases("positive", (c) => {
  c.dtypes("number");
  c.reference((x) => x);
  c.gradient();
});
