import { inspect } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { arange, type Backend, setBackend, tensor, zeros } from "../index.js";
import { interpreter } from "../interpreter.js";

beforeAll(() => {
  // The usual backend goes unnamed in print.
  setBackend({ ...interpreter(), name: "js" });
});

describe("a printed tensor", () => {
  it("shows elements, dtype and shape, also through util.inspect and in templates", () => {
    const x = tensor([1, 2]);
    expect(inspect(x)).toBe("tensor([1, 2], float32 [2])");
    expect(`${x}`).toBe(inspect(x));
    expect(inspect({ x })).toBe("{ x: tensor([1, 2], float32 [2]) }");
  });

  it("aligns columns", () => {
    expect(
      String(
        tensor([
          [1, -20],
          [300, 0.5],
        ]),
      ),
    ).toBe("tensor([[  1, -20],\n        [300, 0.5]], float32 [2, 2])");
  });

  it("without axes has no brackets", () => {
    expect(String(tensor(3))).toBe("tensor(3, float32 [])");
  });

  it("indents further axes", () => {
    expect(String(arange(8).reshape([2, 2, 2]))).toBe(
      "tensor([[[0, 1],\n         [2, 3]],\n        [[4, 5],\n         [6, 7]]], int32 [2, 2, 2])",
    );
  });

  it("shows booleans, NaN and infinities by name", () => {
    expect(String(tensor([true, false]))).toBe("tensor([ true, false], bool [2])");
    expect(String(tensor([Number.NaN, Number.NEGATIVE_INFINITY]))).toBe(
      "tensor([      NaN, -Infinity], float32 [2])",
    );
  });

  it("rounds to four decimals, and shows the very small and large with an exponent", () => {
    expect(String(tensor([0.1, 1 / 3]))).toBe("tensor([   0.1, 0.3333], float32 [2])");
    expect(String(tensor([1e-5], { dtype: "float64" }))).toBe("tensor([1.0000e-5], float64 [1])");
    expect(String(tensor([1234567.5], { dtype: "float64" }))).toBe(
      "tensor([1.2346e+6], float64 [1])",
    );
  });

  it("of no elements is a pair of brackets", () => {
    expect(String(zeros([2, 0]))).toBe("tensor([], float32 [2, 0])");
  });

  it("leaves out the middle of a large one", () => {
    expect(String(arange(2000))).toBe(
      "tensor([   0,    1,    2, …, 1997, 1998, 1999], int32 [2000])",
    );
    expect(String(arange(2002).reshape([1001, 2]))).toBe(
      [
        "tensor([[   0,    1],",
        "        [   2,    3],",
        "        [   4,    5],",
        "        …,",
        "        [1996, 1997],",
        "        [1998, 1999],",
        "        [2000, 2001]], int32 [1001, 2])",
      ].join("\n"),
    );
    expect(String(arange(1000)).includes("…")).toBe(false);
  });

  it("shows a view as it is seen", () => {
    expect(
      String(
        tensor([
          [1, 2],
          [3, 4],
        ]).T,
      ),
    ).toBe("tensor([[1, 3],\n        [2, 4]], float32 [2, 2])");
  });

  it("says whether it requires a gradient, and which operation it comes from", () => {
    const x = tensor([1], { requiresGrad: true });
    expect(String(x)).toBe("tensor([1], float32 [1], requiresGrad)");
    expect(String(x.exp().log())).toBe("tensor([1], float32 [1], grad of log)");
  });

  it("names a backend other than js", () => {
    expect(String(tensor([1], { backend: interpreter() }))).toBe(
      "tensor([1], float32 [1], interpreter)",
    );
  });

  it("does not wait for a device, nor fail after dispose", () => {
    const { readSync: _, ...rest } = interpreter();
    const far: Backend = { ...rest, name: "far" };
    expect(String(tensor([1], { backend: far }))).toBe(
      "tensor(<on the device: read with await x.array()>, float32 [1], far)",
    );
    const x = tensor([1]);
    x.dispose();
    expect(String(x)).toBe("tensor(<disposed>, float32 [1])");
  });
});
