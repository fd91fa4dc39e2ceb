import { defineCases } from "../../define-cases.js";

export default defineCases("round", (c) => {
  c.dtypes("number");
  c.forward([0.5, 1.5, 2.5, -0.5, -1.5, 2.4, 2.6], [0, 2, 2, 0, -2, 2, 3]);
  c.reference((x) => {
    // Halves go to the even neighbour; -0.3 gives -0.
    const up = Math.abs(x) - Math.floor(Math.abs(x));
    const near = up === 0.5 ? 2 * Math.round(Math.abs(x) / 2) : Math.round(Math.abs(x));
    return x < 0 || Object.is(x, -0) ? -near : near;
  });
  c.gradient();
});
