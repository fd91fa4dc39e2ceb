import { DataError, ShapeError, setBackend, tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { describe, expect, it } from "vitest";
import { Standardizer, standardize } from "./standardize.js";

setBackend(interpreter());

describe("standardize", () => {
  it("gives mean 0 and deviation 1 over all numbers", () => {
    const x = { data: Uint8Array.of(1, 3, 5, 7), shape: [2, 2] };
    const scaler = standardize(x);
    expect([...scaler.mean]).toEqual([4]);
    expect(scaler.std[0]).toBeCloseTo(Math.sqrt(5), 12);
    const { data, shape } = scaler.apply(x);
    expect(shape).toEqual([2, 2]);
    expect(data[0]).toBeCloseTo(-3 / Math.sqrt(5), 6);
    expect(data.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 6);
  });

  it("measures each feature by itself when asked", () => {
    const scaler = standardize(
      { data: Float32Array.of(0, 10, 2, 30), shape: [2, 2] },
      { perFeature: true },
    );
    expect([...scaler.mean]).toEqual([1, 20]);
    expect([...scaler.std]).toEqual([1, 10]);
  });

  it("maps a constant feature to 0 and not to NaN", () => {
    const data = Float32Array.from({ length: 3000 }, (_, i) => (i % 3 === 0 ? 0.1 : i));
    const scaler = standardize({ data, shape: [1000, 3] }, { perFeature: true });
    expect(scaler.std[0]).toBe(1);
    const { data: scaled } = scaler.apply({ data, shape: [1000, 3] });
    expect(scaled[0]).toBeCloseTo(0, 6);
    expect(scaled.every(Number.isFinite)).toBe(true);
  });

  it("treats tensors as it treats arrays", () => {
    const x = { data: Float32Array.of(0, 10, 2, 30, 5, 5), shape: [3, 2] };
    for (const perFeature of [false, true]) {
      const scaler = standardize(tensor(x.data, { shape: x.shape }), { perFeature });
      const expected = scaler.apply(x).data;
      const scaled = scaler.apply(tensor(x.data, { shape: x.shape }));
      expect(scaled.shape).toEqual([3, 2]);
      scaled.dataSync().forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i] ?? Number.NaN, 5);
      });
    }
  });

  it("turns uint8 tensors into float32", () => {
    const scaler = new Standardizer([10], [2]);
    const y = scaler.apply(tensor(Uint8Array.of(8, 14)));
    expect(y.dtype).toBe("float32");
    expect(y.arraySync()).toEqual([-1, 2]);
  });

  it("keeps its numbers for later data", () => {
    const scaler = standardize({ data: Float32Array.of(1, 3), shape: [2] });
    const again = new Standardizer(scaler.mean, scaler.std);
    expect([...again.apply({ data: Float32Array.of(5), shape: [1] }).data]).toEqual([3]);
  });

  it("refuses nothing, NaN, and rows of another shape", () => {
    expect(() => standardize(new Float32Array(0))).toThrow(DataError);
    expect(() => standardize(Float32Array.of(1, Number.NaN))).toThrow(/finite/);
    expect(() => new Standardizer([0], [0])).toThrow(DataError);
    const scaler = standardize({ data: new Float32Array(6), shape: [2, 3] }, { perFeature: true });
    expect(() => scaler.apply({ data: new Float32Array(4), shape: [2, 2] })).toThrow(ShapeError);
  });
});
