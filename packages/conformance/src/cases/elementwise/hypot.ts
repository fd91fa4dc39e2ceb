import { grad, hypot, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
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
  const flat = async ({ backend, prepared }: Bench): Promise<void> => {
    const slope = grad((x: Tensor) => hypot(x, 0));
    const both = prepared(
      (x: Tensor) => [slope(x), grad((y: Tensor) => slope(y))(x)],
      () => [tensor(1, { backend })],
    );
    const found = await Promise.all(both(tensor(0, { backend })).map((x) => x.item()));
    ensure(`${found}` === "0,0", `expected 0,0, got ${found}`);
  };
  c.check("has the gradient 0 at the origin, of second order too", flat, { compiles: true });
});
