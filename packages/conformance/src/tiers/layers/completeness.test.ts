// Whatever networks are made of and trained by has stored results.

import * as init from "@chainrule/init";
import * as nn from "@chainrule/nn";
import * as optim from "@chainrule/optim";
import { expect, test } from "vitest";
import { allChecks } from "../../suite.js";
import { initializers } from "./initializers.js";
import { losses } from "./losses.js";
import {
  initializerCases,
  layerCases,
  lossCases,
  optimizerCases,
  schedulerCases,
} from "./stored.js";

/** The exports of a package that extend `base`, by name. */
function extending(exports: object, base: abstract new (...args: never[]) => object): string[] {
  return Object.entries(exports)
    .filter(([, value]) => typeof value === "function" && value.prototype instanceof base)
    .map(([name]) => name);
}

function distinct(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

const modules = extending(nn, nn.Module);
const isLoss = (name: string): boolean => name.endsWith("Loss");

test("every layer and activation", () => {
  const layers = modules.filter((name) => !isLoss(name) && name !== "Sequential");
  expect(distinct(layerCases.map(({ layer }) => layer))).toEqual(distinct(layers));
});

test("every loss and penalty", () => {
  const stored = distinct(lossCases.map(({ loss }) => loss));
  expect(stored).toEqual(distinct(Object.keys(losses)));
  const classes = modules.filter(isLoss).map((name) => name.toLowerCase());
  expect(stored.map((name) => `${name.toLowerCase()}loss`)).toEqual(
    expect.arrayContaining(classes),
  );
  const penalties = Object.keys(nn).filter((name) => name.endsWith("Penalty"));
  expect(stored).toEqual(expect.arrayContaining(penalties));
});

test("every optimizer and schedule", () => {
  expect(distinct(optimizerCases.map(({ optimizer }) => optimizer))).toEqual(
    distinct(extending(optim, optim.Optimizer)),
  );
  expect(distinct(schedulerCases.flatMap((run) => run.schedules.map(({ name }) => name)))).toEqual(
    distinct(extending(optim, optim.LRScheduler)),
  );
});

test("every initializer", () => {
  // Those whose elements are no draws of their own are checked by what they are.
  const others = ["allEqual", "constant", "ones", "orthogonal", "zeros"];
  const measures = ["calculateFanInFanOut", "gain"];
  const all = Object.keys(init).filter((name) => ![...others, ...measures].includes(name));
  expect(distinct(initializerCases.map(({ initializer }) => initializer))).toEqual(distinct(all));
  expect(distinct(Object.keys(initializers))).toEqual(distinct(all));
});

test("ids are distinct", () => {
  const ids = allChecks().map(({ id }) => id);
  const seen = new Set<string>();
  expect(ids.filter((id) => seen.has(id) || !seen.add(id))).toEqual([]);
});
