import { beforeAll, describe, expect, it } from "vitest";
import {
  add,
  type DType,
  DTypeError,
  div,
  matmul,
  setBackend,
  type Tensor,
  tensor,
  ValueError,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";
import { floatOf, promote, promoteWithNumber } from "./promote.js";

beforeAll(() => {
  setBackend(interpreter());
});

// torch.promote_types of PyTorch 1.13 for these six dtypes; within the ints and within the floats
// it is the table of the array API standard.
const table: Record<DType, Record<DType, DType>> = {
  bool: {
    bool: "bool",
    uint8: "uint8",
    int32: "int32",
    float16: "float16",
    float32: "float32",
    float64: "float64",
  },
  uint8: {
    bool: "uint8",
    uint8: "uint8",
    int32: "int32",
    float16: "float16",
    float32: "float32",
    float64: "float64",
  },
  int32: {
    bool: "int32",
    uint8: "int32",
    int32: "int32",
    float16: "float16",
    float32: "float32",
    float64: "float64",
  },
  float16: {
    bool: "float16",
    uint8: "float16",
    int32: "float16",
    float16: "float16",
    float32: "float32",
    float64: "float64",
  },
  float32: {
    bool: "float32",
    uint8: "float32",
    int32: "float32",
    float16: "float32",
    float32: "float32",
    float64: "float64",
  },
  float64: {
    bool: "float64",
    uint8: "float64",
    int32: "float64",
    float16: "float64",
    float32: "float64",
    float64: "float64",
  },
};
const pairs = Object.entries(table).flatMap(([a, row]) =>
  Object.entries(row).map(([b, result]) => [a, b, result] as [DType, DType, DType]),
);
const stored = pairs.filter((pair) => !pair.includes("float16"));

describe("promotion", () => {
  it.each(pairs)("of %s and %s is %s", (a, b, result) => {
    expect(promote(a, b)).toBe(result);
  });

  it.each(stored)("is what add does: %s + %s is %s", (a, b, result) => {
    const sum = add<Tensor, Tensor>(tensor([1], { dtype: a }), tensor([1], { dtype: b }));
    expect(sum.dtype).toBe(result);
    expect(Number(sum.dataSync()[0])).toBe(result === "bool" ? 1 : 2);
  });

  it.each(stored.filter(([, , result]) => result !== "bool"))(
    "is what matmul does: %s · %s is %s",
    (a, b, result) => {
      const left: Tensor = tensor([[1, 1]], { dtype: a });
      expect(matmul(left, tensor([[1], [1]], { dtype: b }) as Tensor).dtype).toBe(result);
    },
  );

  it("of a division of ints or bools is float32", () => {
    const dtypes: DType[] = ["bool", "uint8", "int32"];
    for (const a of dtypes) {
      for (const b of dtypes) {
        const x: Tensor = tensor([1], { dtype: a });
        const y: Tensor = tensor([2], { dtype: b });
        expect(x.div(y).dtype).toBe("float32");
      }
    }
    const half: Tensor = div(tensor(new Int32Array([1])), tensor(new Int32Array([2])));
    expect(half.arraySync()).toEqual([0.5]);
  });

  it("of float functions leaves floats alone and makes the rest float32", () => {
    expect(
      (["bool", "uint8", "int32", "float16", "float32", "float64"] as const).map(floatOf),
    ).toEqual(["float32", "float32", "float32", "float16", "float32", "float64"]);
    expect(tensor(new Int32Array([0])).exp().dtype).toBe("float32");
  });
});

describe("JS numbers", () => {
  it("never raise a dtype within its kind", () => {
    const whole = { bool: "int32", uint8: "uint8", int32: "int32", float16: "float16" } as const;
    for (const [dtype, result] of Object.entries(whole)) {
      expect(promoteWithNumber(dtype as DType, true)).toBe(result);
    }
    for (const dtype of ["bool", "uint8", "int32"] as const) {
      expect(promoteWithNumber(dtype, false)).toBe("float32");
    }
    for (const dtype of ["float16", "float32", "float64"] as const) {
      expect([promoteWithNumber(dtype, true), promoteWithNumber(dtype, false)]).toEqual([
        dtype,
        dtype,
      ]);
    }
  });

  it("a fraction makes an int tensor float32", () => {
    const x: Tensor = tensor(new Int32Array([1, -2])).add(0.5);
    expect([x.dtype, x.arraySync()]).toEqual(["float32", [1.5, -1.5]]);
    const y: Tensor = tensor(new Int32Array([1])).mul(Number.POSITIVE_INFINITY);
    expect([y.dtype, y.arraySync()]).toEqual(["float32", [Number.POSITIVE_INFINITY]]);
  });

  it("a whole number leaves an int tensor as it is and makes bool int32", () => {
    expect(tensor(new Int32Array([1])).add(2).dtype).toBe("int32");
    const counted: Tensor = tensor([true, false]).add(1);
    expect([counted.dtype, counted.arraySync()]).toEqual(["int32", [2, 1]]);
  });

  it("uint8 wraps, with tensors and with numbers", () => {
    const x = tensor(new Uint8Array([0, 200, 255]));
    expect(x.add(300).arraySync()).toEqual([44, 244, 43]);
    expect(x.add(-1).arraySync()).toEqual([255, 199, 254]);
    expect(x.add(x).arraySync()).toEqual([0, 144, 254]);
    expect(x.mul(2).dtype).toBe("uint8");
  });

  it("int32 wraps", () => {
    const x = tensor(new Int32Array([2147483647, -2147483648, 65537]));
    expect(x.add(1).arraySync()).toEqual([-2147483648, -2147483647, 65538]);
    // modulo 2³²: 2147483647² = 2⁶² - 2³² + 1, (2³¹)² = 2⁶², 65537² = 2³² + 131073
    expect(x.mul(x).arraySync()).toEqual([1, 0, 131073]);
  });

  it("a whole number outside int32 is refused next to ints, not truncated", () => {
    const x = tensor(new Int32Array([1]));
    expect(messageOf(() => x.add(2 ** 31))).toBe(
      '[add] a number combined with an integer tensor must fit int32: expected a whole number from -2147483648 to 2147483647, got a larger one, with a int32 tensor. Convert the tensor with astype("float32") first.',
    );
    expect(() => tensor([true]).mul(1e300)).toThrow(ValueError);
    expect(() => tensor(new Uint8Array([1])).sub(-(2 ** 31) - 1)).toThrow(ValueError);
    expect(
      tensor([1])
        .add(2 ** 40)
        .arraySync(),
    ).toEqual([2 ** 40]);
  });

  it("0.1 compared with a float32 0.1 is equal", () => {
    expect(tensor([0.1]).equal(0.1).arraySync()).toEqual([true]);
    expect(tensor([0.1]).less(0.1).arraySync()).toEqual([false]);
    expect(tensor([0.1], { dtype: "float64" }).equal(0.1).arraySync()).toEqual([true]);
    // the float32 0.1 is larger than 0.1
    const wide: Tensor = tensor([0.1]).astype("float64");
    expect(wide.greater(0.1).arraySync()).toEqual([true]);
  });

  it("a comparison does not wrap the number into uint8", () => {
    const x = tensor(new Uint8Array([44, 255]));
    expect(x.equal(300).arraySync()).toEqual([false, false]);
    expect(x.greater(-1).arraySync()).toEqual([true, true]);
    expect(x.less(255.5).arraySync()).toEqual([true, true]);
  });

  it("stand on either side", () => {
    expect(add(1, tensor([1, 2])).arraySync()).toEqual([2, 3]);
    expect(div(1, tensor(new Int32Array([2]))).arraySync()).toEqual([0.5]);
    expect(add(1, 2).arraySync()).toBe(3);
  });

  it("arithmetic that bool has none of names the way out", () => {
    expect(messageOf(() => tensor([true]).sub(tensor([true])))).toContain(
      "[sub] arithmetic needs numbers: expected an int or float tensor, got bool.",
    );
    expect(() => tensor([true]).neg()).toThrow(DTypeError);
    expect(() => matmul(tensor([[true]]), tensor([[true]]))).toThrow(DTypeError);
    expect(messageOf(() => tensor(new Int32Array([1])).mean())).toContain('x.astype("float32")');
  });
});
