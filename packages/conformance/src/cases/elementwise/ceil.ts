import { defineCases } from "../../define-cases.js";

export default defineCases("ceil", (c) => {
  c.dtypes("number");
  c.reference(Math.ceil);
  c.gradient();
});
