// Every operation of core has cases; every differentiable one has its gradient checked.

import { readFileSync } from "node:fs";
import * as core from "@chainrule/core";
import * as linalg from "@chainrule/core/linalg";
import { expect, test } from "vitest";
import { cases } from "./cases/index.js";

/** The names in core's lists of operations, types left out. */
function operations(): string[] {
  const lists = ["ops/index.ts", "linalg.ts"].map((file) =>
    readFileSync(new URL(`../../core/src/${file}`, import.meta.url), "utf8"),
  );
  const lines = lists.join("\n").matchAll(/export \{([^}]*)\} from/g);
  return [...lines].flatMap(([, names = ""]) =>
    names
      .split(",")
      .map((name) => name.trim())
      .filter((name) => name !== "" && !name.startsWith("type ")),
  );
}

test("core lists its operations where this test looks for them", () => {
  expect(operations()).toContain("matmul");
  expect(operations().filter((name) => !(name in core) && !(name in linalg))).toEqual([]);
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
