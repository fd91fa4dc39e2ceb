import { beforeAll, describe, expect, it } from "vitest";
import { maskedSelect, putAlongAxis, setBackend, tensor, zeros } from "../../index.js";
import { interpreter } from "../../interpreter.js";
import { messageOf } from "../../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

describe("masks", () => {
  it("must be bool and have the first axes", async () => {
    const x = zeros([2, 3]);
    await expect(maskedSelect(x, zeros([2]))).rejects.toThrow(
      '[maskedSelect] a mask must be bool: expected a bool tensor, got float32. Compare, as in x.greater(0), or convert with astype("bool").',
    );
    await expect(maskedSelect(x, tensor([true, true, true]))).rejects.toThrow(
      "[maskedSelect] a mask must have the first axes of the tensor: expected the first extents of [2, 3], got [3]. Stretch a mask that broadcasts with broadcastTo.",
    );
    expect(messageOf(() => tensor([1], { dtype: "int32" }).maskedFill(tensor([true]), 0.5))).toBe(
      '[maskedFill] the dtype must hold the value: expected a number that int32 holds, got 0.5. Convert with astype("float32") first.',
    );
  });

  it("pass gradients to what they select", async () => {
    const x = tensor([1, 2, 3], { requiresGrad: true });
    const selected = await maskedSelect(x, tensor([true, false, true]));
    selected.square().sum().backward();
    expect(x.grad?.arraySync()).toEqual([2, 0, 6]);
  });
});

describe("putAlongAxis", () => {
  it("says what must fit", () => {
    const x = zeros([2, 3]);
    const line = tensor([0], { dtype: "int32" });
    expect(messageOf(() => putAlongAxis(x, line, line))).toBe(
      "[putAlongAxis] indices must have as many axes as the tensor: expected 2 axes, for shape [2, 3], got [1]. Add axes with expandDims, or pick whole slices with take.",
    );
    expect(messageOf(() => putAlongAxis(x, line.reshape([1, 1]), zeros([1, 2, 1])))).toBe(
      "[putAlongAxis] values must broadcast to the places: expected extents equal to those of [2, 1], or 1, got [1, 2, 1].",
    );
  });
});
