import { elu, type Tensor, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed } from "../../values.js";

export default defineCases("elu", (c) => {
  c.primitive();
  c.forward([-1, 0, 2, -100], [-0.6321206, 0, 2, -1]);
  // The exponential of what is above 0 is not part of the gradient.
  c.gradient([-1.5, -0.5, 0.5, 1000]);
  c.reference((x) => (x > 0 ? x : Math.expm1(x)));
  c.forward(int32([-1, 2]), typed("float32", [-0.6321206, 2]));
  const half = c.call("alpha 0.5", (x) => elu(x, 0.5));
  half.reference((x) => (x > 0 ? x : 0.5 * Math.expm1(x)));
  half.gradient();
  const text = c.call("alpha as text", (x) => elu(x, "1" as unknown as number));
  text.throws("text", ValueError, [1]);
  const tensors = c.call("alpha as a tensor", (x, alpha) => elu(x, alpha as Tensor & number));
  tensors.gradient([-1.5, -0.5, 0.5], [0.5, 1, 2]);
  c.torch(
    ({ alpha }) =>
      (x) =>
        elu(x, alpha),
  );
});
