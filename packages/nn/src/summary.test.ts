import { inspect } from "node:util";
import { setBackend, type Tensor, zeros } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import {
  Dropout,
  Linear,
  Module,
  MSELoss,
  parameter,
  ReLU,
  Sequential,
  Sigmoid,
  summary,
} from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

const deck = (): Sequential<[Linear, Sigmoid, Linear, Sigmoid, Linear]> =>
  new Sequential(
    new Linear(10, 10),
    new Sigmoid(),
    new Linear(10, 5),
    new Sigmoid(),
    new Linear(5, 1),
  );

describe("summary", () => {
  it("counts 110 + 55 + 6 = 171 for the network of the decks", () => {
    const { rows, total, trainable } = summary(deck());
    expect(rows.map((row) => row.parameters)).toEqual([110, 0, 55, 0, 6]);
    expect(total).toBe(171);
    expect(trainable).toBe(171);
    expect(String(summary(deck()))).toBe(
      [
        "name  type     parameters",
        "0     Linear          110",
        "1     Sigmoid           0",
        "2     Linear           55",
        "3     Sigmoid           0",
        "4     Linear            6",
        "total 171 parameters",
      ].join("\n"),
    );
  });

  it("is what console.log shows", () => {
    expect(inspect(summary(deck()))).toBe(String(summary(deck())));
  });

  it("shows output shapes when given the shape of an input", () => {
    expect(String(summary(deck(), [1, 10]))).toBe(
      [
        "name  type     output shape  parameters",
        "0     Linear   [1, 10]              110",
        "1     Sigmoid  [1, 10]                0",
        "2     Linear   [1, 5]                55",
        "3     Sigmoid  [1, 5]                 0",
        "4     Linear   [1, 1]                 6",
        "total 171 parameters",
      ].join("\n"),
    );
  });

  it("runs in evaluation mode and leaves every module as it was", () => {
    const dropout = new Dropout(0.5).eval();
    let seen: boolean | undefined;
    class Probe extends Module {
      forward(x: Tensor): Tensor {
        seen = this.training;
        return x;
      }
    }
    const probe = new Probe();
    const model = new Sequential(probe, dropout);
    summary(model, [2, 3]);
    expect(seen).toBe(false);
    expect([model.training, probe.training, dropout.training]).toEqual([true, true, false]);
    expect(Object.hasOwn(probe, "forward")).toBe(false);
  });

  it("leaves every module as it was when the model throws", () => {
    const model = deck();
    expect(() => summary(model, [1, 3])).toThrow("[Linear]");
    expect([...model.modules()].every((module) => module.training)).toBe(true);
    expect([...model].some((module) => Object.hasOwn(module, "forward"))).toBe(false);
  });

  it("counts a shared parameter once and tells frozen ones", () => {
    const layer = new Linear(2, 2);
    const model = new Sequential(layer, new ReLU(), layer, new Linear(2, 1).freeze());
    const { total, trainable } = summary(model);
    expect([total, trainable]).toEqual([9, 6]);
    expect(String(summary(model))).toContain("total 9 parameters, 3 frozen");
  });

  it("counts models of any inputs", () => {
    expect(summary(new MSELoss()).rows).toEqual([
      { name: "", type: "MSELoss", outputShape: null, parameters: 0 },
    ]);
  });

  it("has a row for a model with parameters of its own, and commas in large counts", () => {
    class Own extends Module {
      readonly table: Tensor = parameter(zeros([1000, 1234]));
      readonly inner: Linear = new Linear(1, 1);
      forward(x: Tensor): Tensor {
        return this.inner.forward(x);
      }
    }
    expect(String(summary(new Own()))).toBe(
      [
        "name     type    parameters",
        "(model)  Own      1,234,000",
        "inner    Linear           2",
        "total 1,234,002 parameters",
      ].join("\n"),
    );
  });
});
