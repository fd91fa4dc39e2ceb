import { clip } from "@chainrule/core";
import { defineCases } from "../../define-cases.js";

export default defineCases("clip", (c) => {
  c.dtypes("number");
  const both = c.call("from -1 to 2", (x) => clip(x, -1, 2));
  both.reference((x) => Math.min(2, Math.max(-1, x)));
  both.gradient([-1.7, -0.6, 0.4, 3]);
  const above = c.call("from 1 on", (x) => clip(x, 1));
  above.reference((x) => Math.max(1, x));
  const below = c.call("up to 1", (x) => clip(x, undefined, 1));
  below.reference((x) => Math.min(1, x));
  c.torch(
    ({ min, max }) =>
      (x) =>
        clip(x, min ?? undefined, max ?? undefined),
  );
});
