import { defineCases } from "../../define-cases.js";

/** The rest with the sign of the divisor, zeros included, from JavaScript's with that of a. */
function floorModulo(a: number, b: number): number {
  const rest = a % b;
  if (rest === 0) return b < 0 || Object.is(b, -0) ? -0 : 0;
  return rest < 0 === b < 0 ? rest : rest + b;
}

export default defineCases("remainder", (c) => {
  c.dtypes("number");
  c.forward([7, -7, 7, -7], [3, 3, -3, -3], [1, 2, -2, -1]);
  c.reference(floorModulo);
  c.integers((a, b) => (b === 0 ? 0 : floorModulo(a, b)));
  c.gradient();
});
