import { defineCases } from "../../define-cases.js";

export default defineCases("sign", (c) => {
  c.dtypes("number");
  // -0 gives 0: the sum turns it around.
  c.reference((x) => Math.sign(x) + 0);
  c.gradient();
});
