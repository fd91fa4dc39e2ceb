import { defineCases } from "../../define-cases.js";

export default defineCases("logaddexp", (c) => {
  c.forward([0, Math.log(3), 1], [0, Math.log(5), -1], [Math.LN2, 2.0794415, 1.126928]);
  // The exponentials would be Infinity, or 0, in float64 too.
  c.forward([1000, -1000], [1000, -1000], [1000.6931472, -999.3068528]);
  c.forward([1000, 0], [0, -1000], [1000, 0]);
  // The logarithm of 1 + e^-30 would lose half of the digits.
  c.forward([-30], [0], [9.357623e-14]);
  c.edges(
    [Infinity, -Infinity, Infinity, -Infinity],
    [Infinity, -Infinity, -Infinity, 2],
    [Infinity, -Infinity, Infinity, 2],
  );
  c.reference((a, b) =>
    a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b))),
  );
  c.gradient();
  c.gradient([1, 40], [1, 0]);
});
