import { defineCases } from "../../define-cases.js";

export default defineCases("isFinite", (c) => {
  c.dtypes("test");
  c.reference(Number.isFinite);
});
