import { defineCases } from "../../define-cases.js";

export default defineCases("logicalXor", (c) => {
  c.dtypes("logical");
  c.reference((a, b) => (a !== 0) !== (b !== 0));
});
