import { Generator, ShapeError, setBackend, standardNormal, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { orthogonal } from "./index.js";
import { orthonormalize } from "./orthogonal.js";

beforeAll(() => {
  setBackend(interpreter());
});

/** `XᵀX` of a row-major matrix of `columns` columns, and of its transpose `XXᵀ`. */
function products(x: readonly number[], columns: number): { inner: number[][]; outer: number[][] } {
  const rows = Array.from({ length: x.length / columns }, (_, i) =>
    x.slice(i * columns, (i + 1) * columns),
  );
  const turned = Array.from({ length: columns }, (_, j) => rows.map((row) => row[j] ?? 0));
  const times = (a: number[][]): number[][] =>
    a.map((left) => a.map((right) => left.reduce((sum, v, k) => sum + v * (right[k] ?? 0), 0)));
  return { inner: times(turned), outer: times(rows) };
}

/** The largest distance of `matrix` from `scale · I`. */
function offIdentity(matrix: number[][], scale: number): number {
  return Math.max(
    0,
    ...matrix.flatMap((row, i) => row.map((v, j) => Math.abs(v - (i === j ? scale : 0)))),
  );
}

describe("orthogonal", () => {
  it.each([
    [[1, 1], 1],
    [[1, 5], 1],
    [[5, 1], 1],
    [[3, 3], 2],
    [[4, 7], 0.5],
    [[7, 4], -3],
    [[40, 40], 1],
    [[64, 20], Math.SQRT2],
    [[8, 3, 3, 3], 1],
    [[30, 2, 3], 1],
  ])("of shape %o and gain %d has orthogonal rows or columns", (shape, gain) => {
    const [rows = 0, ...others] = shape;
    const columns = others.reduce((a, b) => a * b, 1);
    for (const [dtype, tolerance] of [
      ["float32", 1e-6],
      ["float64", 1e-14],
    ] as const) {
      const w = orthogonal(shape, { gain, dtype, generator: new Generator(3) });
      expect(w.shape).toEqual(shape);
      const { inner, outer } = products(Array.from(w.dataSync(), Number), columns);
      const scale = gain * gain;
      expect(offIdentity(rows < columns ? outer : inner, scale)).toBeLessThan(tolerance * scale);
    }
  });

  it.each([
    [6, 6],
    [9, 5],
    [5, 9],
  ])("of %d rows and %d columns is the Q of what the generator draws", (rows, columns) => {
    const a = standardNormal(new Generator(3), rows * columns);
    const q = orthogonal([rows, columns], { dtype: "float64", generator: new Generator(3) });
    const isWide = rows < columns;
    const at = (x: ArrayLike<number>, i: number, j: number): number =>
      (isWide ? x[j * columns + i] : x[i * columns + j]) ?? Number.NaN;
    // R = Qᵀ A is upper triangular with a positive diagonal; of a wide A, of its transpose.
    for (let i = 0; i < Math.min(rows, columns); i++) {
      for (let j = 0; j <= i; j++) {
        let r = 0;
        for (let k = 0; k < Math.max(rows, columns); k++) r += at(q.dataSync(), k, i) * at(a, k, j);
        if (j < i) expect(Math.abs(r)).toBeLessThan(1e-13);
        else expect(r).toBeGreaterThan(0);
      }
    }
  });

  it("is the gain times that of gain 1", () => {
    const drawn = (gain: number): number[] =>
      Array.from(orthogonal([3, 5], { gain, generator: new Generator(3) }).dataSync(), Number);
    const [unit, scaled] = [drawn(1), drawn(-2)];
    expect(scaled).toEqual(unit.map((element) => -2 * element));
  });

  it("is a number of either sign for one connection", () => {
    const signs = [0, 1, 2, 3, 4, 5].map((seed) =>
      orthogonal([1, 1], { generator: new Generator(seed) }).itemSync(),
    );
    expect([...new Set(signs)].sort()).toEqual([-1, 1]);
  });

  it("prefers no direction", () => {
    // Elements of a random rotation of n axes have mean 0, variance 1 / n and fourth moment
    // 3 / (n (n + 2)); bounds are five standard errors.
    const n = 3;
    const generator = new Generator(5);
    const draws = Array.from({ length: 3000 }, () => {
      const w = orthogonal([n, n], { generator }).dataSync();
      return [w[0] ?? 0, w[n * n - 1] ?? 0] as const;
    });
    for (const corner of [0, 1] as const) {
      const mean = (power: number): number =>
        draws.reduce((sum, draw) => sum + draw[corner] ** power, 0) / draws.length;
      expect(Math.abs(mean(1))).toBeLessThan(5 * Math.sqrt(1 / 3 / draws.length));
      expect(Math.abs(mean(2) - 1 / 3)).toBeLessThan(5 * Math.sqrt((1 / 5 - 1 / 9) / draws.length));
    }
  });

  it("refuses vectors and gains that are no numbers", () => {
    expect(() => orthogonal([3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: [orthogonal] rows and columns need a weight of at least two axes: expected [out, in] or [out, in, ...kernel], got [3]. Use zeros or constant for biases.]`,
    );
    expect(() => orthogonal([])).toThrow(ShapeError);
    expect(() => orthogonal([2, 2], { gain: Number.NaN })).toThrow(ValueError);
    expect(() => orthogonal([2, 2], { gain: "2" as never })).toThrow("[orthogonal] the gain");
  });

  it("makes empty tensors of any rank", () => {
    for (const shape of [
      [0, 0],
      [2, 0, 3],
      [0, 4, 4],
    ]) {
      expect(orthogonal(shape).shape).toEqual(shape);
    }
  });
});

describe("orthonormalize", () => {
  // NumPy: q, r = numpy.linalg.qr(a); q * numpy.sign(numpy.diag(r)). One line is one column.
  it.each([
    {
      title: "a tall matrix",
      a: [
        [1, 3, 5],
        [2, 4, 6],
      ],
      q: [
        [0.16903085094570325, 0.50709255283711, 0.8451542547285166],
        [0.8970852271450607, 0.27602622373694136, -0.345032779671177],
      ],
    },
    {
      title: "a square one",
      a: [
        [2, 1, 0, -3],
        [-1, 4, 1, 2],
        [0.5, -2, 1, 5],
        [3, 0, -1, 1],
      ],
      q: [
        [0.5345224838248486, 0.2672612419124244, 0, -0.8017837257372731],
        [-0.09384168706347815, 0.9384168706347815, 0.21896393648144905, 0.25024449883594174],
        [0.7999679072181839, -0.1258376483264559, 0.3205863897840663, 0.49136605536997063],
        [0.255989842524569, 0.17919288976719822, -0.9215634330884481, 0.2303908582721121],
      ],
    },
    {
      // Läuchli's: after a single pass they are orthogonal to 1e-8 only.
      title: "columns that are nearly the same",
      a: [
        [1, 1e-8, 0, 0],
        [1, 0, 1e-8, 0],
        [1, 0, 0, 1e-8],
      ],
      q: [
        [1, 1e-8, 0, 0],
        [7.071067811865477e-9, -0.7071067811865477, Math.SQRT1_2, 0],
        [4.08248290463863e-9, -0.408248290463863, -0.40824829046386296, 0.8164965809277259],
      ],
    },
  ])("of $title has NumPy's Q", ({ a, q }) => {
    const vectors = Float64Array.from(a.flat());
    orthonormalize(vectors, a[0]?.length ?? 0);
    q.flat().forEach((expected, i) => {
      expect(Math.abs((vectors[i] ?? Number.NaN) - expected)).toBeLessThan(4e-15);
    });
  });
});
