import { defineCases } from "../../define-cases.js";

export default defineCases("sigmoid", (c) => {
  c.forward([0, 100, -1000], [0.5, 1, 0]);
  c.reference((x) => 1 / (1 + Math.exp(-x)));
  c.gradient();
});
