import { defineCases } from "../../define-cases.js";

export default defineCases("isInf", (c) => {
  c.dtypes("test");
  c.reference((x) => Math.abs(x) === Infinity);
});
