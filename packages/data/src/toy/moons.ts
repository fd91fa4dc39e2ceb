import { type LabelledPoints, makePoints, type PointsOptions } from "./toy.js";

/**
 * Makes two half circles that reach into each other.
 *
 * Class 0: `(cos a, sin a)`. Class 1: `(1 - cos a, 0.5 - sin a)`. a uniform in [0, π).
 *
 * Units and ranges: `noise` 0.1 unless given. The same `seed` gives the same points.
 * Throws: ValueError for options out of range.
 *
 * @example
 * const { x, y } = moons({ samples: 100 });
 * y.shape // => [100]
 */
export function moons(options: PointsOptions = {}): LabelledPoints {
  const { samples, noise, seed, backend } = options;
  const two = { noise: 0.1, classes: 2 };
  return makePoints("moons", { samples, noise, seed, backend }, two, (label, t) => {
    const angle = Math.PI * t;
    const [x, y] = [Math.cos(angle), Math.sin(angle)];
    return label === 0 ? [x, y] : [1 - x, 0.5 - y];
  });
}
