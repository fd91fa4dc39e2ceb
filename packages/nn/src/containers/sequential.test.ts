import { IndexError, ones, setBackend, type Tensor, ValueError } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, expectTypeOf, it } from "vitest";
import { Identity, Linear, type Module, ReLU, Sequential } from "../index.js";
import { Module as Base } from "../module.js";

beforeAll(() => {
  setBackend(interpreter());
});

class Pair extends Base<[a: Tensor, b: Tensor], [Tensor, Tensor]> {
  forward(a: Tensor, b: Tensor): [Tensor, Tensor] {
    return [b, a];
  }
}

class Difference extends Base<[pair: [Tensor, Tensor]], Tensor> {
  forward([a, b]: [Tensor, Tensor]): Tensor {
    return a.sub(b);
  }
}

describe("Sequential", () => {
  it("feeds each module what the one before it returned", () => {
    const model = new Sequential(new Linear(3, 4), new ReLU(), new Linear(4, 2));
    const x = ones([5, 3]);
    const [a, b, c] = model;
    const byHand = (c as Linear).forward((b as ReLU).forward((a as Linear).forward(x)));
    expect(model.forward(x).arraySync()).toEqual(byHand.arraySync());
  });

  it("names parameters by position", () => {
    const model = new Sequential(new Linear(3, 4), new ReLU(), new Sequential(new Linear(4, 2)));
    expect(Object.keys(model.stateDict())).toEqual([
      "0.weight",
      "0.bias",
      "2.0.weight",
      "2.0.bias",
    ]);
  });

  it("can be counted, indexed and spread", () => {
    const first = new Identity();
    const last = new ReLU();
    const model = new Sequential(first, last);
    expect(model.length).toBe(2);
    expect(model[0]).toBe(first);
    expect(model.at(-1)).toBe(last);
    expect([...model]).toEqual([first, last]);
    expect(() => model.at(2)).toThrow(IndexError);
    expect(() => model.at(-3)).toThrow(IndexError);
  });

  it("takes the inputs of its first module and gives the output of its last", () => {
    const model = new Sequential(new Pair(), new Difference());
    expectTypeOf(model.forward).parameters.toEqualTypeOf<[a: Tensor, b: Tensor]>();
    expectTypeOf(model.forward).returns.toEqualTypeOf<Tensor>();
    expectTypeOf(new Sequential(new Pair()).forward).returns.toEqualTypeOf<[Tensor, Tensor]>();
    expect(model.forward(ones([1]), ones([1]).mul(3)).arraySync()).toEqual([2]);
  });

  it("knows the type of a module by its position", () => {
    const model = new Sequential(new Linear(1, 2), new ReLU());
    expectTypeOf(model.at(0)).toEqualTypeOf<Linear>();
    expectTypeOf(model.at(-1)).toEqualTypeOf<Linear | ReLU>();
    expect(model.at(0).weight.shape).toEqual([2, 1]);
  });

  it("is a module of tensors when made of a list of them", () => {
    const layers: Module[] = [1, 2, 3].map((n) => new Linear(n, n + 1));
    const model = new Sequential(...layers);
    expectTypeOf(model.forward).parameters.toEqualTypeOf<[Tensor]>();
    expectTypeOf(model.forward).returns.toEqualTypeOf<Tensor>();
    expect(model.forward(ones([2, 1])).shape).toEqual([2, 4]);
  });

  it("refuses what is not a module", () => {
    const relu = ((x: Tensor) => x.relu()) as unknown as Module;
    expect(() => new Sequential()).toThrow(ValueError);
    expect(() => new Sequential(relu)).toThrow("e.g. new ReLU()");
    expect(() => new Sequential([new ReLU()] as unknown as Module)).toThrow("Spread");
  });
});
