import { defineCases } from "../../define-cases.js";

/** Python's //: the quotient without the rest, which then is whole up to rounding. */
function floorOfQuotient(a: number, b: number): number {
  if (b === 0 || Number.isNaN(a) || Number.isNaN(b)) return a / b;
  const rest = a % b;
  const positive = a / b > 0 || Object.is(a / b, 0);
  if (Math.abs(a) < Math.abs(b)) return a === 0 || positive ? (positive ? 0 : -0) : -1;
  const whole = Math.round((a - rest) / b);
  return rest !== 0 && !positive ? whole - 1 : whole;
}

export default defineCases("floorDivide", (c) => {
  c.dtypes("number");
  c.forward([7, -7, 7, -7], [2, 2, -2, -2], [3, -4, -4, 3]);
  // The floor of the exact quotient: 1 / 0.1 is a little below 10.
  c.forward([1, 6], [0.1, 0.1], [9, 59]);
  c.reference(floorOfQuotient);
  c.integers((a, b) => (b === 0 ? 0 : Math.floor(a / b)));
  c.gradient();
});
