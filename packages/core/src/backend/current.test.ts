import { beforeEach, describe, expect, it } from "vitest";
import {
  type Backend,
  BackendError,
  concat,
  DTypeError,
  getBackend,
  ShapeError,
  setBackend,
  setDefaultBackend,
  tensor,
  ValueError,
  where,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";

describe("without a backend", () => {
  it("the first tensor throws and says which line to add; a default is made on first use", () => {
    expect(messageOf(() => zeros([1]))).toBe(
      '[getBackend] a backend must be set before the first tensor: expected setBackend(…) to have been called, got no backend. Add: import { js } from "@chainrule/backend-js"; setBackend(js()). Or import from "chainrule", which does it.',
    );
    expect(() => getBackend()).toThrow(BackendError);
    let made = 0;
    setDefaultBackend(() => {
      made += 1;
      return interpreter();
    });
    expect(made).toBe(0);
    expect(zeros([1]).backend).toBe(getBackend());
    expect(made).toBe(1);
  });
});

describe("setBackend", () => {
  it("decides where new tensors are made and leaves others where they are", () => {
    const [a, b] = [interpreter(), interpreter()];
    setBackend(a);
    const x = zeros([1]);
    setBackend(b);
    expect([x.backend, zeros([1]).backend, getBackend()]).toEqual([a, b, b]);
    expect(x.add(1).backend).toBe(a);
    expect(x.sum().mul(x.mean()).backend).toBe(a);
  });

  it("refuses a promise of a backend: the factory must be awaited", () => {
    expect(messageOf(() => setBackend(Promise.resolve(interpreter()) as never))).toBe(
      "[setBackend] a backend is a value made by its factory: expected an object such as js() or await wasm(), got a Promise. Await the factory.",
    );
  });

  it.each([["js"], [null], [undefined], [interpreter], [{}]])("refuses %o", (odd) => {
    expect(() => setBackend(odd as never)).toThrow(BackendError);
  });

  it("refuses another version of the contract", () => {
    expect(messageOf(() => setBackend({ ...interpreter(), name: "old", contract: 0 }))).toBe(
      '[setBackend] backend and core must speak the same contract: expected contract 1, got contract 0 from backend "old". Install versions of core and of the backend that belong together.',
    );
  });
});

describe("withBackend", () => {
  it("holds for the function and is undone, also when it throws", () => {
    const outer = interpreter();
    const inner = interpreter();
    setBackend(outer);
    expect(withBackend(inner, () => zeros([1]).backend)).toBe(inner);
    expect(() =>
      withBackend(inner, () => {
        throw new RangeError("mine");
      }),
    ).toThrow(RangeError);
    expect(getBackend()).toBe(outer);
  });

  it("gives way to the option of a creation function", () => {
    const own = interpreter();
    expect(withBackend(interpreter(), () => zeros([1], { backend: own }).backend)).toBe(own);
  });
});

describe("operands on two backends", () => {
  beforeEach(() => {
    setBackend(interpreter());
  });

  it("are refused, and both are named", () => {
    const far: Backend = { ...interpreter(), name: "far" };
    const [x, y] = [zeros([1]), zeros([1], { backend: far })];
    expect(messageOf(() => x.add(y))).toBe(
      '[add] all operands must be on one backend: expected every operand on "interpreter", got one on "interpreter" and one on "far". Move one side with await x.to(backend).',
    );
    expect(() => x.matmul(y)).toThrow(BackendError);
    expect(() => concat([x, y])).toThrow(BackendError);
    expect(() => where(x.greater(0), x, y)).toThrow(BackendError);
    const twin = zeros([1], { backend: interpreter() });
    expect(messageOf(() => x.add(twin))).toContain("(two instances)");
  });

  it("meet after to(), which copies and keeps requiresGrad of leaves", async () => {
    const far = interpreter();
    const x = tensor(
      [
        [1, 2],
        [3, 4],
      ],
      { requiresGrad: true },
    );
    const moved = await x.T.detach().to(far);
    expect([moved.backend, moved.arraySync()]).toEqual([
      far,
      [
        [1, 3],
        [2, 4],
      ],
    ]);
    expect((await x.to(far)).requiresGrad).toBe(true);
    expect(await x.to(x.backend)).toBe(x);
    expect(moved.add(await x.to(far)).backend).toBe(far);
  });

  it("to() a backend without the dtype is refused", async () => {
    const inner = interpreter();
    const narrow: Backend = {
      ...inner,
      name: "narrow",
      capabilities: { ...inner.capabilities, dtypes: ["float32"] },
    };
    await expect(zeros([1], { dtype: "float64" }).to(narrow)).rejects.toThrow(DTypeError);
    expect(messageOf(() => zeros([1], { backend: narrow }).less(0))).toContain(
      '[less] the backend must support the dtype: expected one of float32 on backend "narrow", got bool.',
    );
  });
});

describe("reading", () => {
  beforeEach(() => {
    setBackend(interpreter());
  });

  it("has a promise form and one at once", async () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(await x.T.array()).toEqual([
      [1, 3],
      [2, 4],
    ]);
    expect(await x.T.data()).toEqual(new Float32Array([1, 3, 2, 4]));
    expect(await x.at(1, 0).item()).toBe(3);
    expect(await tensor([true]).item()).toBe(true);
    expect(tensor([true, false]).dataSync()).toEqual(new Uint8Array([1, 0]));
  });

  it("at once needs syncRead, and the error names the other form", async () => {
    const { readSync: _, ...rest } = interpreter();
    const x = tensor([1], { backend: { ...rest, name: "far" } });
    expect(messageOf(() => x.itemSync())).toBe(
      '[dataSync] the backend must be able to read at once: expected a backend with capabilities.syncRead, got "far". Use the asynchronous form: await x.data(), x.array() or x.item().',
    );
    expect(await x.item()).toBe(1);
  });

  it("item() wants one element", async () => {
    await expect(zeros([2]).item()).rejects.toThrow(ShapeError);
    expect(messageOf(() => zeros([0]).itemSync())).toBe(
      "[item] there must be exactly one element: expected a tensor of size 1, got shape [0]. Reduce first, or read all elements with array() or data().",
    );
  });

  it("operands that are no tensors are refused with what came", () => {
    expect(messageOf(() => zeros([1]).add([1] as never))).toBe(
      "[add] operands must be tensors or numbers: expected a tensor or a number, got [1]. Wrap data with tensor(…).",
    );
    for (const odd of [null, undefined, "1", {}, new Float32Array(1), true]) {
      expect(() => zeros([1]).mul(odd as never), String(odd)).toThrow(ValueError);
    }
  });

  it("a closed backend cannot be used", async () => {
    const own = interpreter();
    const x = zeros([1], { backend: own });
    await own.close();
    expect(() => x.add(1)).toThrow(BackendError);
    expect(() => zeros([1], { backend: own })).toThrow(BackendError);
  });
});
