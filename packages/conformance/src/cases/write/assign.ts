import {
  assign,
  DisposedError,
  DTypeError,
  GradientError,
  ShapeError,
  tensor,
} from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { ensureThrows } from "../../elementwise/checks.js";
import { int32 } from "../../values.js";
import { ensure } from "../../verify.js";

export default defineCases("assign", (c) => {
  c.nonDifferentiable("it is a write outside the tape");
  c.check("takes over elements in any order", async ({ backend }) => {
    const target = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { backend },
    );
    assign(
      target,
      tensor(
        [
          [5, 6],
          [7, 8],
        ],
        { backend },
      ).T,
    );
    ensure(`${await target.data()}` === "5,7,6,8", "expected 5,7,6,8");
  });
  c.throws("another shape", ShapeError, [1, 2], [1, 2, 3]);
  c.throws("another dtype", DTypeError, [1, 2], int32([1, 2]));
  c.check("views of the target see the new elements", async ({ backend }) => {
    const target = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { backend },
    );
    const view = target.at(1);
    assign(
      target,
      tensor(
        [
          [5, 6],
          [7, 8],
        ],
        { backend },
      ),
    );
    ensure(`${await view.data()}` === "7,8", "expected the view to see 7,8");
    ensure(target.version === 1, `expected version 1, got ${target.version}`);
  });
  c.check("the source stays independent", async ({ backend }) => {
    const [target, source] = [tensor([1, 2], { backend }), tensor([3, 4], { backend })];
    assign(target, source);
    assign(target, tensor([5, 6], { backend }));
    ensure(`${await source.data()}` === "3,4", "the source must keep its elements");
    assign(source, tensor([7, 8], { backend }));
    ensure(`${await target.data()}` === "5,6", "the target must keep its elements");
  });
  c.check("a target may be computed from itself", async ({ backend }) => {
    const x = tensor([1, 2, 3], { backend });
    for (let i = 0; i < 3; i++) assign(x, x.flip().add(1));
    ensure(`${await x.data()}` === "6,5,4", `expected 6,5,4, got ${await x.data()}`);
  });
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
