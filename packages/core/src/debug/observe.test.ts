import { layout } from "@chainrule/kernel";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isGradEnabled, noGrad, setBackend, setDebug, type Tensor, tensor } from "../index.js";
import { interpreter } from "../interpreter.js";
import { messageOf } from "../testing.js";
import { announce, type Observer, observe } from "./observe.js";
import { repeat } from "./repeat.js";

let stop: () => void = () => {};

beforeEach(() => {
  setBackend(interpreter());
});

afterEach(() => {
  stop();
  setDebug(0);
});

/** Notes what an observer is told; `onOperation` hears of operations first. */
function noting(onOperation: (name: string) => void = () => {}): string[] {
  const told: string[] = [];
  const observer: Observer = {
    operation: ({ name }, inputs, _attrs, output) => {
      onOperation(name);
      const operands = inputs.map((x) => (typeof x === "number" ? x : `[${x.shape}]`));
      told.push(`${name}(${operands}) -> [${output.shape}]`);
    },
    upload: (x, data) => told.push(`upload ${data} -> [${x.shape}]`),
    derivative: (node) => told.push(node === null ? "end" : `derivative of ${node.op.name}`),
    made: (_part, method) => told.push(`made for ${method}`),
  };
  stop = observe(observer);
  return told;
}

describe("observe", () => {
  it("tells of uploads, operations, views, derivatives, and what is announced", () => {
    const told = noting();
    const x = tensor([[1, 2]], { requiresGrad: true });
    x.T.mul(3).sum().backward();
    announce({}, "step");
    stop();
    x.exp();
    announce({}, "step");
    expect(told).toEqual([
      "upload 1,2 -> [1,2]",
      "matrixTranspose([1,2]) -> [2,1]",
      "mul([2,1],3) -> [2,1]",
      "sum([2,1]) -> []",
      "upload 1 -> []",
      "derivative of sum",
      "broadcastTo([]) -> [2,1]",
      "derivative of mul",
      "mul([2,1],3) -> [2,1]",
      "derivative of matrixTranspose",
      "matrixTranspose([2,1]) -> [1,2]",
      "end",
      "made for step",
    ]);
  });

  it("does not change what DEBUG writes, nor does DEBUG what is told", () => {
    const told = noting();
    const x = tensor([1]);
    const texts: string[] = [];
    setDebug(1, (text) => texts.push(text));
    x.neg();
    setDebug(0);
    x.exp();
    stop();
    setDebug(1, (text) => texts.push(text));
    x.sin();
    expect(told.slice(1)).toEqual(["neg([1]) -> [1]", "exp([1]) -> [1]"]);
    expect(texts).toEqual([
      "interpreter  neg(float32[1]) -> float32[1]",
      "interpreter  sin(float32[1]) -> float32[1]",
    ]);
  });

  it("has one observer at a time; one that was stopped leaves the next alone", () => {
    noting();
    const first = stop;
    expect(messageOf(() => noting())).toBe(
      "[observe] there is one observer at a time: expected nobody observing, got an observer that has not been stopped. Await one comparison before the next.",
    );
    first();
    const told = noting();
    first();
    tensor([1]).neg();
    expect(told).toHaveLength(2);
  });

  it("lets what an observer throws reach the program, which can go on", () => {
    noting((name) => {
      if (name === "exp") throw new Error("enough");
    });
    const x = tensor([1], { requiresGrad: true });
    expect(() => noGrad(() => x.exp())).toThrow("enough");
    expect(isGradEnabled()).toBe(true);
    x.mul(2).sum().backward();
    expect(x.grad?.arraySync()).toEqual([2]);
  });
});

describe("repeat", () => {
  it("sees operands as the operation did: strides, offsets, numbers", () => {
    let again: Tensor | undefined;
    const other = interpreter();
    stop = observe({
      operation: (op, _inputs, attrs) => {
        stop();
        const column = { layout: layout([2], [2]), offset: 1, dtype: "float32" } as const;
        again = repeat(other, op, [{ data: Float32Array.of(1, 2, 3, 4), ...column }, 10], attrs);
      },
      upload: () => {},
      derivative: () => {},
      made: () => {},
    });
    tensor([0, 0], { requiresGrad: true }).mul(0.5);
    expect(again?.arraySync()).toEqual([20, 40]);
    expect([again?.backend === other, again?.requiresGrad]).toEqual([true, false]);
  });
});
