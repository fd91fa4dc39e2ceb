import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  add,
  assign,
  type Backend,
  concat,
  matmul,
  noGrad,
  rand,
  relu,
  setBackend,
  stack,
  type Tensor,
  tensor,
  withBackend,
  zeros,
} from "../index.js";
import { interpreter } from "../interpreter.js";

/** An interpreter that counts what is compiled and read. */
function counting(): { backend: Backend; compiled: () => number; reads: () => number } {
  const inner = interpreter();
  let [compiled, reads] = [0, 0];
  const backend: Backend = {
    ...inner,
    compileKernel: (kernel) => {
      compiled += 1;
      return inner.compileKernel(kernel);
    },
    read: (handle, offset, length) => {
      reads += 1;
      return inner.read(handle, offset, length);
    },
    readSync: (handle, offset, length) => {
      reads += 1;
      return inner.readSync?.(handle, offset, length) ?? new Float32Array();
    },
  };
  return { backend, compiled: () => compiled, reads: () => reads };
}

/** A network of two layers and the step that trains it on `batch` random examples. */
function training(inputs: number, hidden: number): (batch: number, rate: number) => void {
  const w1 = rand([inputs, hidden], { requiresGrad: true });
  const b1 = zeros([hidden], { requiresGrad: true });
  const w2 = rand([hidden, 3], { requiresGrad: true });
  return (batch, rate) => {
    const x = rand([batch, inputs]);
    const labels = stack([rand([batch]), rand([batch])]).argmax(0);
    const scores = matmul(relu(matmul(x, w1).add(b1)), w2).logSoftmax(-1);
    const loss = scores.gather(labels.expandDims(1), 1).mean().neg();
    loss.backward();
    for (const w of [w1, b1, w2]) {
      noGrad(() => assign(w, w.sub((w.grad as Tensor).mul(rate))));
      w.grad = null;
    }
  };
}

beforeEach(() => {
  setBackend(interpreter());
});

describe("plans", () => {
  it("are found again: a second training step lowers, infers and compiles nothing", () => {
    const { backend, compiled, reads } = counting();
    withBackend(backend, () => {
      const step = training(5, 4);
      step(6, 0.1);
      const kernels = compiled();
      const spies = [add, relu].flatMap(({ primitive }) => [
        vi.spyOn(primitive, "lower"),
        vi.spyOn(primitive, "infer"),
      ]);
      step(6, 0.05);
      expect(kernels).toBeGreaterThan(10);
      expect(compiled()).toBe(kernels);
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
      for (const spy of spies) spy.mockRestore();
    });
    expect(reads()).toBe(0);
  });

  it("of other sizes use the same kernels", () => {
    const { backend, compiled } = counting();
    withBackend(backend, () => {
      training(5, 4)(6, 0.1);
      const kernels = compiled();
      training(5, 4)(7, 0.1);
      training(9, 8)(12, 0.01);
      expect(compiled()).toBe(kernels);
    });
  });

  it("do not depend on offsets, nor on the value of a number", () => {
    const { backend, compiled } = counting();
    withBackend(backend, () => {
      const x = rand([6, 4]);
      const first = x.at(0).mul(0.5).dataSync();
      const kernels = compiled();
      expect(x.at(3).mul(2.5).dataSync()).not.toEqual(first);
      for (let i = 0; i < 6; i++) x.at(i).mul(i + 0.25);
      expect(compiled()).toBe(kernels);
    });
  });

  it("of two backends are apart", () => {
    const [a, b] = [counting(), counting()];
    for (const { backend } of [a, b]) withBackend(backend, () => rand([3]).exp());
    expect(a.compiled()).toBe(b.compiled());
    expect(a.compiled()).toBeGreaterThan(0);
  });

  it("distinguish dtypes, layouts and classes of numbers", () => {
    const ints = tensor(new Int32Array([1, 2]));
    expect(ints.add(1).dtype).toBe("int32");
    expect(ints.add(1.5).dtype).toBe("float32");
    expect(ints.add(2).dtype).toBe("int32");
    expect(tensor([1, 2]).add(1).dtype).toBe("float32");
    const square = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect([square.copy().arraySync(), square.T.copy().arraySync()]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [
        [1, 3],
        [2, 4],
      ],
    ]);
  });

  it("of joins of two, three and four tensors never meet", () => {
    const sizes = Array.from({ length: 10 }, (_, i) => i + 1);
    const last = zeros([2]);
    for (const n of sizes) expect(concat([zeros([n]), last]).size).toBe(n + 2);
    for (const n of sizes) {
      for (const m of sizes) {
        expect(concat([zeros([n]), zeros([m]), last]).size).toBe(n + m + 2);
        expect(concat([zeros([n]), zeros([m]), last, last]).size).toBe(n + m + 4);
      }
    }
    for (const n of sizes) expect(concat([zeros([n]), last]).size).toBe(n + 2);
  });
});

describe("an override of a named operation", () => {
  it("runs where it accepts the operands, under the same shape checks and derivative", () => {
    const inner = interpreter();
    let runs = 0;
    const backend: Backend = {
      ...inner,
      ops: {
        exp: {
          accepts: (layouts) => layouts[0]?.contiguous === true,
          run: (inputs, [output]) => {
            runs += 1;
            const [x] = inputs;
            if (x === undefined || output === undefined) return;
            const values = inner.readSync?.(x.buffer, x.offset, x.layout.size) ?? [];
            inner.write(output.buffer, 0, Float32Array.from(values, Math.exp));
          },
        },
      },
    };
    const x = tensor(
      [
        [0, 1],
        [2, 3],
      ],
      { backend, requiresGrad: true },
    );
    const y = x.exp();
    expect(y.dataSync()).toEqual(Float32Array.from([0, 1, 2, 3], Math.exp));
    x.T.exp();
    expect(runs).toBe(1);
    y.sum().backward();
    expect(x.grad?.dataSync()).toEqual(y.dataSync());
  });
});
