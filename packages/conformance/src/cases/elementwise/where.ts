import { log, maximum, ShapeError, type Tensor, tensor, where } from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("where", (c) => {
  c.primitive();
  c.forward([true, false, true], [1, 2, 3], [10, 20, 30], [1, 20, 3]);
  c.forward(
    [[true], [false]],
    [1, 2, 3],
    [[10], [20]],
    [
      [1, 2, 3],
      [20, 20, 20],
    ],
  );
  c.forward([true, false], int32([1, 2]), int32([10, 20]), int32([1, 20]));
  c.forward([true, false], bool([1, 1]), bool([0, 0]), bool([1, 0]));
  c.forward([true, false], int32([1, 2]), [0.5, 0.5], [1, 0.5]);
  c.forward([true, false], [5, 6], 0, [5, 0]);
  // Anything but 0 is true.
  c.forward(int32([2, 0, -1]), [1, 2, 3], [4, 5, 6], [1, 5, 3]);
  c.forward(bool([], [0]), [], [], []);
  c.edges([true, false], [Number.NaN, Number.NaN], [1, -Infinity], [Number.NaN, -Infinity]);
  c.gradient([true, false, true], [1, 2, 3], [[10], [20]]);
  c.throws("shapes that do not broadcast", ShapeError, [true, false], [1, 2, 3], [1, 2]);
  c.torch((_, call) =>
    // log of what is at least 1, so that only the side not taken is broken
    call === undefined ? where : (condition, x) => where(condition, x, log(maximum(x, 1))),
  );
  const apart = async ({ backend, prepared }: Bench): Promise<void> => {
    const make = (...elements: number[]): Tensor =>
      tensor(elements, { backend, requiresGrad: true });
    const [broken, x] = [make(Number.NaN, 2), make(-1, 4)];
    prepared(
      (choice: Tensor, a: Tensor, b: Tensor) => where(choice, a, b).sum().backward(),
      () => [tensor([true, false], { backend }), make(1, 2), make(3, 4)],
    )(tensor([false, true], { backend }), broken, x);
    ensure(`${await x.grad?.data()}` === "1,0", `expected 1,0, got ${await x.grad?.data()}`);
    const other = await broken.grad?.data();
    ensure(`${other}` === "0,1", `expected 0,1, got ${other}`);
  };
  c.check("keeps NaN of the other side out of the gradient", apart, { compiles: true });
});
