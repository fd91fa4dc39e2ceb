import { type ClassedPointsOptions, type LabelledPoints, makePoints } from "./toy.js";

/**
 * Makes rings around the origin, one per class: not separable in (x, y), separable by the radius.
 *
 * Class k of K lies at radius `(k + 1) / K`, at a uniform angle.
 *
 * Units and ranges: `noise` 0.05, `classes` 2 unless given. The same `seed` gives the same points.
 * Throws: ValueError for options out of range.
 *
 * @example
 * const { x, y } = circles({ samples: 100, noise: 0 });
 * x.shape // => [100, 2]
 */
export function circles(options: ClassedPointsOptions = {}): LabelledPoints {
  return makePoints("circles", options, { noise: 0.05, classes: 2 }, (label, t, classes) => {
    const radius = (label + 1) / classes;
    const angle = 2 * Math.PI * t;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
}
