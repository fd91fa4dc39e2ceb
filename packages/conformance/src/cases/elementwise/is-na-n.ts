import { defineCases } from "../../define-cases.js";

export default defineCases("isNaN", (c) => {
  c.dtypes("test");
  c.reference(Number.isNaN);
});
