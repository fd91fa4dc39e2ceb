import { contiguous, tensor } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { ensure } from "../../verify.js";

export default defineCases("contiguous", (c) => {
  c.forward(
    [
      [1, 2],
      [3, 4],
    ],
    [
      [1, 2],
      [3, 4],
    ],
  );
  c.gradient([
    [1, 2],
    [3, 4],
  ]);
  c.check("copies only what does not lie in order", ({ backend }) => {
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { backend },
    );
    ensure(contiguous(x) === x, "expected the tensor itself");
    ensure(`${contiguous(x.T).strides}` === "2,1", "expected a row-major copy");
  });
});
