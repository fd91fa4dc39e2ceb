// Every operation of core has cases; every differentiable one has its gradient checked.

import { readFileSync } from "node:fs";
import * as core from "@chainrule/core";
import { expect, test } from "vitest";
import { cases } from "./cases/index.js";

/** The names in core's list of operations, types left out. */
function operations(): string[] {
  const list = new URL("../../core/src/ops/index.ts", import.meta.url);
  const lines = readFileSync(list, "utf8").matchAll(/export \{([^}]*)\} from/g);
  return [...lines].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type ")),
  );
}

test("core lists its operations where this test looks for them", () => {
  expect(operations()).toContain("matmul");
  expect(operations().filter((name) => !(name in core))).toEqual([]);
});

test("every operation of core has a case file", () => {
  const covered = new Set(cases.map(({ op }) => op));
  expect(operations().filter((name) => !covered.has(name))).toEqual([]);
});

test("every case file is of an operation of core", () => {
  const known = new Set(operations());
  expect(cases.map(({ op }) => op).filter((op) => !known.has(op))).toEqual([]);
});

test("every operation has its gradient checked or says why it has none", () => {
  const open = cases.filter((c) => !c.differentiated && c.nonDifferentiable === undefined);
  expect(open.map(({ op }) => op)).toEqual([]);
});

test("no operation without a derivative claims gradient checks", () => {
  const both = cases.filter((c) => c.differentiated && c.nonDifferentiable !== undefined);
  expect(both.map(({ op }) => op)).toEqual([]);
});

test("ids are distinct", () => {
  const ids = cases.flatMap(({ checks }) => checks.map(({ id }) => id));
  const seen = new Set<string>();
  const repeated = ids.filter((id) => seen.has(id) || !seen.add(id));
  expect(repeated).toEqual([]);
});
