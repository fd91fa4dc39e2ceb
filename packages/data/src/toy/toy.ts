// What the toy data sets share: options, their checks, and points made class by class.
// Draws come from core's counter-based generator. Sine and cosine are the engine's own and may differ
// in the last bit between engines: equal seeds give equal data on one engine, and data equal to about
// 1e-7 on all.

import {
  type Backend,
  formatValue,
  Generator,
  standardNormal,
  type Tensor,
  tensor,
  ValueError,
} from "@chainrule/core";

/**
 * Points in the plane with the class of each. `crossEntropy` takes `y` as it is, a yes-or-no loss such as
 * `bceWithLogits` of outputs [samples, 1] takes `y.expandDims(1)`.
 */
export interface LabelledPoints {
  /** Coordinates, float32 [samples, 2]. */
  readonly x: Tensor;
  /** Classes 0, 1, …, int32 [samples]; they take turns, so every stretch holds all of them. */
  readonly y: Tensor;
}

/** Options of the point clouds. */
export interface PointsOptions {
  /** Number of points (default 200). */
  readonly samples?: number | undefined;
  /** Standard deviation of the normal noise added to both coordinates. */
  readonly noise?: number | undefined;
  /** What the draws follow from (default 0). */
  readonly seed?: number | undefined;
  /** Where the tensors are made (default: the default backend). */
  readonly backend?: Backend | undefined;
}

/** Options of the point clouds that have any number of classes. */
export interface ClassedPointsOptions extends PointsOptions {
  /** Number of classes, at least 2. */
  readonly classes?: number | undefined;
}

/**
 * Makes `samples` points, taking the classes in turn: `place(label, t)` says where the point of a
 * class lies for a uniform draw `t` in [0, 1), then noise is added.
 */
export function makePoints(
  op: string,
  options: ClassedPointsOptions,
  defaults: { noise: number; classes: number },
  place: (label: number, t: number, classes: number) => readonly [number, number],
): LabelledPoints {
  const {
    backend,
    samples = 200,
    seed = 0,
    noise = defaults.noise,
    classes = defaults.classes,
  } = options;
  requireWhole(op, "samples", samples, 1);
  requireWhole(op, "classes", classes, 2);
  if (!(noise >= 0 && noise < Infinity)) {
    throw new ValueError(op, "noise must be a standard deviation", {
      expected: "a finite number ≥ 0",
      got: formatValue(noise),
    });
  }
  const generator = new Generator(seed);
  const draws = generator.uniform(samples);
  const shifts = standardNormal(generator, 2 * samples);
  const x = new Float32Array(2 * samples);
  const y = Int32Array.from({ length: samples }, (_, i) => i % classes);
  y.forEach((label, i) => {
    const [px, py] = place(label, draws[i] ?? 0, classes);
    x[2 * i] = px + noise * (shifts[2 * i] ?? 0);
    x[2 * i + 1] = py + noise * (shifts[2 * i + 1] ?? 0);
  });
  return { x: tensor(x, { shape: [samples, 2], backend }), y: tensor(y, { backend }) };
}

function requireWhole(op: string, name: string, value: number, least: number): void {
  if (Number.isSafeInteger(value) && value >= least) return;
  throw new ValueError(op, `${name} must be a whole number`, {
    expected: `a whole number ≥ ${least}`,
    got: formatValue(value),
  });
}
