import { setBackend, type Tensor, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, it } from "vitest";
import { circles } from "./circles.js";
import { gaussians } from "./gaussians.js";
import { moons } from "./moons.js";
import { spirals } from "./spirals.js";
import type { ClassedPointsOptions, LabelledPoints } from "./toy.js";
import { xnor, xor } from "./xor.js";

setBackend(interpreter());

/** The points and labels as plain numbers. */
function plain({ x, y }: { x: Tensor; y: Tensor }): { px: number; py: number; label: number }[] {
  const [points, labels] = [x.dataSync(), y.dataSync()];
  return Array.from(labels, (label, i) => ({
    px: points[2 * i] ?? 0,
    py: points[2 * i + 1] ?? 0,
    label,
  }));
}

const sets: [string, (options?: ClassedPointsOptions) => LabelledPoints][] = [
  ["circles", circles],
  ["spirals", spirals],
  ["moons", moons],
  ["gaussians", gaussians],
];

describe.each(sets)("%s", (_, make) => {
  it("gives float32 points and int32 labels", () => {
    const { x, y } = make({ samples: 7 });
    expect([x.shape, x.dtype]).toEqual([[7, 2], "float32"]);
    expect([y.shape, y.dtype]).toEqual([[7], "int32"]);
    expect(y.arraySync()).toEqual([0, 1, 0, 1, 0, 1, 0]);
    expect(make().x.shape).toEqual([200, 2]);
  });

  it("follows from the seed", () => {
    const points = (seed?: number) => [...make({ samples: 20, seed }).x.dataSync()];
    expect(points(3)).toEqual(points(3));
    expect(points(3)).not.toEqual(points(4));
    expect(points()).toEqual(points(0));
  });

  it("refuses options out of range", () => {
    expect(() => make({ samples: 0 })).toThrow(ValueError);
    expect(() => make({ samples: 2.5 })).toThrow(ValueError);
    expect(() => make({ noise: -1 })).toThrow(/noise/);
    expect(() => make({ noise: Number.NaN })).toThrow(/noise/);
  });

  it("makes tensors on the backend it is given", () => {
    const backend = interpreter();
    expect(make({ samples: 2, backend }).x.backend).toBe(backend);
  });
});

describe("shapes without noise", () => {
  it("circles: class k of K has radius (k + 1) / K", () => {
    for (const { px, py, label } of plain(circles({ samples: 30, noise: 0, classes: 3 }))) {
      expect(Math.hypot(px, py)).toBeCloseTo((label + 1) / 3, 6);
    }
  });

  it("spirals: the angle grows with the radius, arms are turned against each other", () => {
    for (const { px, py, label } of plain(spirals({ samples: 40, noise: 0, classes: 4 }))) {
      const radius = Math.hypot(px, py);
      const angle = 2 * Math.PI * (1.75 * radius + label / 4);
      expect(px).toBeCloseTo(radius * Math.cos(angle), 4);
      expect(py).toBeCloseTo(radius * Math.sin(angle), 4);
    }
  });

  it("moons: two half circles", () => {
    for (const { px, py, label } of plain(moons({ samples: 30, noise: 0 }))) {
      const radius = label === 0 ? Math.hypot(px, py) : Math.hypot(px - 1, py - 0.5);
      expect(radius).toBeCloseTo(1, 6);
      if (label === 0) expect(py).toBeGreaterThanOrEqual(-1e-6);
      else expect(py).toBeLessThanOrEqual(0.5 + 1e-6);
    }
  });

  it("gaussians: every point is its centre", () => {
    for (const { px, py, label } of plain(gaussians({ samples: 9, noise: 0, classes: 3 }))) {
      expect(px).toBeCloseTo(Math.cos((2 * Math.PI * label) / 3), 6);
      expect(py).toBeCloseTo(Math.sin((2 * Math.PI * label) / 3), 6);
    }
  });

  it("noise has the standard deviation it is given", () => {
    const clean = plain(gaussians({ samples: 4000, noise: 0 }));
    const noisy = plain(gaussians({ samples: 4000, noise: 0.5 }));
    const squares = noisy.map(({ px }, i) => (px - (clean[i]?.px ?? 0)) ** 2);
    expect(Math.sqrt(squares.reduce((sum, s) => sum + s, 0) / 4000)).toBeCloseTo(0.5, 1);
  });
});

describe("truth tables", () => {
  it("xor is 1 where the inputs differ, xnor where they agree", () => {
    expect(xor().x.arraySync()).toEqual([
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
    expect(xor().y.arraySync()).toEqual([[0], [1], [1], [0]]);
    expect(xnor().x.arraySync()).toEqual(xor().x.arraySync());
    expect(xnor().y.arraySync()).toEqual([[1], [0], [0], [1]]);
  });
});
