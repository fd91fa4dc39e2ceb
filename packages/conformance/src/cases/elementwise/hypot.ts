import { grad, hypot, type Tensor, tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { ensure } from "../../verify.js";

export default defineCases("hypot", (c) => {
  c.forward([3, -5, 0, 0], [4, 12, -2, 0], [5, 13, 2, 0]);
  // The squares would be Infinity, or 0, in float32.
  c.forward([3e30, 3e-30], [4e30, 4e-30], [5e30, 5e-30]);
  c.edges(
    [Infinity, Number.NaN, -Infinity, Number.NaN],
    [Number.NaN, -Infinity, 1, 0],
    [Infinity, Infinity, Infinity, Number.NaN],
  );
  c.reference(Math.hypot);
  c.gradient();
  c.gradient([3, 0.5], [4, 0]);
  c.check("has the gradient 0 at the origin, of second order too", async ({ backend }) => {
    const zero = tensor(0, { backend });
    const slope = grad((x: Tensor) => hypot(x, 0));
    const found = [await slope(zero).item(), await grad((x: Tensor) => slope(x))(zero).item()];
    ensure(`${found}` === "0,0", `expected 0,0, got ${found}`);
  });
});
