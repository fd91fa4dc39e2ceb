import {
  concat,
  DTypeError,
  ShapeError,
  scatterAdd,
  type Tensor,
  tensor,
  zeros,
} from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { int32, uint8 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("scatterAdd", (c) => {
  c.primitive();
  c.forward([10, 0, 0], int32([0, 2, 2]), [1, 2, 3], [11, 0, 5]);
  c.forward(
    [
      [0, 0],
      [0, 0],
    ],
    int32([
      [1, 1, 0],
      [0, 0, 0],
    ]),
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
    [
      [3, 3],
      [15, 0],
    ],
  );
  c.forward(int32([0, 1]), int32([1, 1]), int32([2147483647, 2]), int32([0, -2147483646]));
  c.forward([1, 2], int32([], [0]), [], [1, 2]);
  // Positions outside are skipped.
  c.forward([1, 2], int32([2, -1, 1]), [5, 5, 5], [1, 7]);
  c.forward([1, 2], int32([2147483647, -2147483648, 0]), [5, 5, 1], [2, 2]);
  c.edges([1, 2], int32([2, -1, 1]), [Number.NaN, Infinity, 5], [1, 7]);
  c.forward(uint8([250, 1]), int32([0, 0]), uint8([5, 5]), uint8([4, 1]));
  c.edges([0, 0, 0], int32([0, 2, 2]), [Number.NaN, Infinity, 1], [Number.NaN, 0, Infinity]);
  c.gradient([0.5, -1, 2], int32([0, 2, 2, 1]), [1, 2, 3, 4]);
  const rows = c.call("axis 0", (x, indices, source) => scatterAdd(x, indices, source, 0));
  rows.forward(
    [
      [0, 0],
      [0, 0],
    ],
    int32([
      [1, 0],
      [1, 1],
    ]),
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 2],
      [4, 4],
    ],
  );
  rows.gradient(
    [
      [0.5, -1],
      [2, 0.25],
    ],
    int32([[1, 0]]),
    [[1, 2]],
  );
  const both = c.call("along both axes", (x, indices, source) =>
    concat([0, 1].map((axis) => scatterAdd(x, indices, source, axis))),
  );
  both.forward(
    [
      [0, 0],
      [0, 0],
    ],
    int32([
      [1, 0],
      [1, 1],
    ]),
    [
      [1, 2],
      [3, 4],
    ],
    [
      [0, 2],
      [4, 4],
      [2, 1],
      [0, 7],
    ],
  );
  c.throws("float indices", DTypeError, [1], [0], [1]);
  c.throws("shapes that do not match", ShapeError, [1, 2], int32([0, 1]), [1]);
  const meet = async ({ backend, prepared }: Bench): Promise<void> => {
    const count = 3000;
    const at = Int32Array.from({ length: count }, (_, i) => ((i * 7919) % 5) - 1);
    const values = Int32Array.from({ length: count }, (_, i) => i * 1000003);
    const expected = new Int32Array(3);
    for (const [i, place] of at.entries()) {
      if (place >= 0 && place < 3) expected[place] = (expected[place] ?? 0) + (values[i] ?? 0);
    }
    const make = (...arrays: Int32Array[]): [Tensor, Tensor, Tensor] => {
      const [indices, source] = arrays.map((each) => tensor(each, { backend }));
      return [zeros([3], { dtype: "int32", backend }), indices as Tensor, source as Tensor];
    };
    const add = prepared(
      (x: Tensor, indices: Tensor, source: Tensor) => scatterAdd(x, indices, source),
      () => make(at.toReversed(), values),
    );
    const found = await add(...make(at, values)).data();
    ensure(`${found}` === `${expected}`, `expected ${expected}, got ${found}`);
  };
  c.check("thousands of elements meet in a few places", meet, { exactInt32: true, compiles: true });
  // Where PyTorch's indices cover a part of the other axes, ours must cover all of them.
  const skipped = async ({ backend, prepared }: Bench): Promise<void> => {
    const indices = (...at: number[]): Tensor => tensor(at, { dtype: "int32", backend });
    const make = (): Tensor => tensor([1, 2, 3], { backend, requiresGrad: true });
    const source = make();
    prepared(
      (x: Tensor, at: Tensor, y: Tensor) => scatterAdd(x, at, y, 0).sum().backward(),
      () => [zeros([2], { backend }), indices(1, 0, 1), make()],
    )(zeros([2], { backend }), indices(0, 5, -1), source);
    ensure(`${await source.grad?.array()}` === "1,0,0", "expected the gradient 1, 0, 0");
  };
  c.check("elements that are skipped get no gradient", skipped, { compiles: true });
  c.torch(
    ({ axis }) =>
      (x, indices, source) =>
        scatterAdd(x, indices, source, Number(axis)),
  );
});
