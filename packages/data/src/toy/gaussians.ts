import { type ClassedPointsOptions, type LabelledPoints, makePoints } from "./toy.js";

/**
 * Makes round clouds, one per class, with their centres evenly spaced on the unit circle.
 *
 * Class k of K: normal around `(cos 2πk/K, sin 2πk/K)` with standard deviation `noise`.
 *
 * Units and ranges: `noise` 0.25, `classes` 2 unless given. The same `seed` gives the same points.
 * Throws: ValueError for options out of range.
 *
 * @example
 * const { x } = gaussians({ samples: 2, noise: 0 });
 * x.arraySync() // => [[1, 0], [-1, 0]] within 1e-7
 */
export function gaussians(options: ClassedPointsOptions = {}): LabelledPoints {
  return makePoints("gaussians", options, { noise: 0.25, classes: 2 }, (label, _t, classes) => {
    const angle = (2 * Math.PI * label) / classes;
    return [Math.cos(angle), Math.sin(angle)];
  });
}
