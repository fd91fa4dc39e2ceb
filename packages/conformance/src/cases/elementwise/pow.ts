import { pow, type Tensor, tensor } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { ensure } from "../../verify.js";

export default defineCases("pow", (c) => {
  c.dtypes("number");
  c.forward([2, 3, 4], [3, 2, 0.5], [8, 9, 2]);
  // C's pow: unlike JavaScript's, 1 to any power is 1, and so is -1 to an infinite one.
  c.reference((a, b) => (a === 1 || (a === -1 && Math.abs(b) === Infinity) ? 1 : a ** b));
  // Exact, then cut to whole numbers: 2 to the power -1 is 0.
  c.integers((a, b) =>
    b >= 0 ? Number(BigInt.asIntN(32, BigInt(a) ** BigInt(b))) : a === 0 ? 0 : Math.trunc(a ** b),
  );
  c.torch(
    ({ exponent }) =>
      (x, y) =>
        pow(x, y ?? tensor([...(exponent ?? [])], { dtype: x.dtype, backend: x.backend })),
  );
  const root = c.call("to the number 1/3", (x) => pow(x, 1 / 3));
  root.forward([8, 27, 0], [2, 3, 0]);
  root.gradient([0.3, 0.8, 1.5, 2.2]);
  const one = c.call("to the number 0", (x) => pow(x, 0));
  one.gradient([0.3, -0.8, 0]);
  const flat = async ({ backend, prepared }: Bench): Promise<void> => {
    const make = (...elements: number[]): Tensor =>
      tensor(elements, { backend, requiresGrad: true });
    const exponents = make(0, 1, 2);
    prepared(
      (x: Tensor, y: Tensor) => pow(x, y).sum().backward(),
      () => [make(1, 2, 3).detach(), make(2, 1, 0)],
    )(make(0, 0, 0).detach(), exponents);
    const found = `${await exponents.grad?.data()}`;
    ensure(found === "0,0,0", `expected 0,0,0, got ${found}`);
  };
  c.check("has the gradient 0 for exponents of 0", flat, { compiles: true });
  c.gradient([0.3, 0.8, 1.5, 2.2], [0.9, -1.2, 1.6, 0.7]);
});
