import { defineCases } from "../../define-cases.js";

export default defineCases("logicalNot", (c) => {
  c.dtypes("logical");
  c.reference((x) => x === 0);
});
