import { defineCases } from "../../define-cases.js";

export default defineCases("logicalOr", (c) => {
  c.dtypes("logical");
  c.reference((a, b) => a !== 0 || b !== 0);
});
