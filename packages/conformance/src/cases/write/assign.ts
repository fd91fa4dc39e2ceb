import {
  assign,
  type Backend,
  DisposedError,
  DTypeError,
  GradientError,
  ShapeError,
  type Tensor,
  tensor,
} from "@chainrule/core";
import type { Bench } from "../../check.js";
import { defineCases } from "../../define-cases.js";
import { ensureThrows } from "../../elementwise/checks.js";
import { int32 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("assign", (c) => {
  c.nonDifferentiable("it is a write outside the tape");
  const sheet = (backend: Backend, ...elements: number[]): Tensor =>
    tensor(elements, { shape: [2, 2], backend });
  const inAnyOrder = async ({ backend, prepared }: Bench): Promise<void> => {
    const target = sheet(backend, 1, 2, 3, 4);
    const write = prepared(
      (x: Tensor, y: Tensor) => assign(x, y.T),
      () => [sheet(backend, 1, 2, 3, 4), sheet(backend, 9, 9, 9, 9)],
    );
    write(target, sheet(backend, 5, 6, 7, 8));
    ensure(`${await target.data()}` === "5,7,6,8", "expected 5,7,6,8");
  };
  c.check("takes over elements in any order", inAnyOrder, { compiles: true });
  c.throws("another shape", ShapeError, [1, 2], [1, 2, 3]);
  c.throws("another dtype", DTypeError, [1, 2], int32([1, 2]));
  const seen = async ({ backend, prepared }: Bench): Promise<void> => {
    const target = sheet(backend, 1, 2, 3, 4);
    const view = target.at(1);
    const write = prepared(
      (x: Tensor, y: Tensor) => assign(x, y),
      () => [sheet(backend, 1, 2, 3, 4), sheet(backend, 9, 9, 9, 9)],
    );
    write(target, sheet(backend, 5, 6, 7, 8));
    ensure(`${await view.data()}` === "7,8", "expected the view to see 7,8");
    ensure(target.version === 1, `expected version 1, got ${target.version}`);
  };
  c.check("views of the target see the new elements", seen, { compiles: true });
  const independent = async ({ backend, prepared }: Bench): Promise<void> => {
    const make = (...elements: number[]): Tensor => tensor(elements, { backend });
    const write = prepared(
      (x: Tensor, y: Tensor) => assign(x, y),
      () => [make(1, 1), make(2, 2)],
    );
    const [target, source] = [make(1, 2), make(3, 4)];
    write(target, source);
    write(target, make(5, 6));
    ensure(`${await source.data()}` === "3,4", "the source must keep its elements");
    write(source, make(7, 8));
    ensure(`${await target.data()}` === "5,6", "the target must keep its elements");
  };
  c.check("the source stays independent", independent, { compiles: true });
  const fromItself = async ({ backend, prepared }: Bench): Promise<void> => {
    const x = tensor([1, 2, 3], { backend });
    const write = prepared(() => assign(x, x.flip().add(1)));
    for (let i = 0; i < 3; i++) write();
    ensure(`${await x.data()}` === "6,5,4", `expected 6,5,4, got ${await x.data()}`);
  };
  c.check("a target may be computed from itself", fromItself, { compiles: true });
  c.check("a stale saved tensor is noticed", ({ backend }) => {
    const x = tensor([1, 2], { backend, requiresGrad: true });
    const w = tensor([3, 4], { backend });
    const loss = x.mul(w).sum();
    assign(w, tensor([5, 6], { backend }));
    return ensureThrows(() => loss.backward(), GradientError);
  });
  c.check("disposed tensors are refused", ({ backend }) => {
    const x = tensor([1], { backend });
    x.dispose();
    return ensureThrows(() => assign(x, tensor([2], { backend })), DisposedError, "assign");
  });
});
