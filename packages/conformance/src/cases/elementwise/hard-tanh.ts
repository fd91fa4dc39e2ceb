import { hardTanh, ValueError } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";
import { int32, typed, uint8 } from "../../values.js";

export default defineCases("hardTanh", (c) => {
  c.primitive();
  c.forward([-2, 0.5, 7], [-1, 0.5, 1]);
  c.reference((x) => Math.min(1, Math.max(-1, x)));
  c.gradient([-1.5, -0.5, 0.5, 3]);
  c.forward(int32([-5, 5]), typed("float32", [-1, 1]));
  c.forward(uint8([0, 200]), typed("float32", [0, 1]));
  const shifted = c.call("from 1 to 2.5", (x) => hardTanh(x, 1, 2.5));
  shifted.reference((x) => Math.min(2.5, Math.max(1, x)));
  shifted.gradient([0.5, 1.5, 2, 3]);
  const nothing = c.call("from 1 to 1", (x) => hardTanh(x, 1, 1));
  nothing.throws("an empty interval", ValueError, [1]);
  const broken = c.call("from NaN", (x) => hardTanh(x, Number.NaN, 1));
  broken.throws("a bound that is NaN", ValueError, [1]);
  c.torch(
    ({ min, max }) =>
      (x) =>
        hardTanh(x, min ?? undefined, max ?? undefined),
  );
});
