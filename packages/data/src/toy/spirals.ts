import { type ClassedPointsOptions, type LabelledPoints, makePoints } from "./toy.js";

/**
 * Makes spiral arms that start at the origin and wind around each other, one per class.
 *
 * Class k of K: radius t, angle `2π (1.75 t + k / K)`, t uniform in [0, 1); 1.75 turns as in the
 * TensorFlow Playground.
 *
 * Units and ranges: `noise` 0.02, `classes` 2 unless given. The same `seed` gives the same points.
 * Throws: ValueError for options out of range.
 *
 * @example
 * const { y } = spirals({ samples: 6, classes: 3 });
 * y.arraySync() // => [0, 1, 2, 0, 1, 2]
 */
export function spirals(options: ClassedPointsOptions = {}): LabelledPoints {
  return makePoints("spirals", options, { noise: 0.02, classes: 2 }, (label, t, classes) => {
    const angle = 2 * Math.PI * (1.75 * t + label / classes);
    return [t * Math.cos(angle), t * Math.sin(angle)];
  });
}
