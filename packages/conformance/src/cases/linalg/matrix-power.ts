import { assign, DTypeError, ShapeError, type Tensor, tensor, ValueError } from "@chainrule/core";
import { matrixPower } from "@chainrule/core/linalg";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { bool, int32, typed, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

const fibonacci = [
  [1, 1],
  [1, 0],
];

export default defineCases("matrixPower", (c) => {
  const power = (n: number) => c.call(`power ${n}`, (x) => matrixPower(x, n));
  const none = power(0);
  none.forward(
    [fibonacci],
    [
      [
        [1, 0],
        [0, 1],
      ],
    ],
  );
  none.forward(int32([[7]]), int32([[1]]));
  none.forward(typed("float32", [], [0, 0]), typed("float32", [], [0, 0]));
  none.edges([[Number.NaN]], [[1]]);
  const one = power(1);
  one.forward(fibonacci, fibonacci);
  one.gradient(fibonacci);
  const kept = async ({ backend, prepared }: Bench): Promise<void> => {
    const make = (element: number): Tensor => tensor([[element]], { backend });
    const write = prepared(
      (x: Tensor, other: Tensor) => {
        const first = matrixPower(x, 1);
        assign(x, other);
        return first;
      },
      () => [make(1), make(2)],
    );
    const x = make(7);
    const found = [await write(x, make(8)).item(), await x.item()];
    ensure(`${found}` === "7,8", `expected 7,8, got ${found}`);
  };
  c.check("keeps the first power when the matrix is written", kept, { compiles: true });
  const two = power(2);
  two.forward(fibonacci, [
    [2, 1],
    [1, 1],
  ]);
  two.gradient(fibonacci);
  const many = power(10);
  many.forward(fibonacci, [
    [89, 55],
    [55, 34],
  ]);
  many.forward(int32([[8]]), int32([[1073741824]]));
  many.forward(int32([[10]]), int32([[1410065408]]));
  many.forward(uint8([[3]]), uint8([[169]]));
  power(3).gradient([
    [
      [0.5, -1],
      [2, 0.25],
    ],
    [
      [1, 0.5],
      [-0.5, 0.1],
    ],
  ]);
  power(-1).throws("a negative power", ValueError, fibonacci);
  power(0.5).throws("a fraction", ValueError, fibonacci);
  power(Number.NaN).throws("NaN", ValueError, fibonacci);
  two.throws("a vector", ShapeError, [1, 2]);
  two.throws("matrices that are not square", ShapeError, [[1, 2]]);
  two.throws("bool", DTypeError, bool([[true]]));
  c.torch(
    ({ power: n }) =>
      (x) =>
        matrixPower(x, Number(n)),
  );
});
