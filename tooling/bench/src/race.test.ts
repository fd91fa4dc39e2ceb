// With real processes; the engines here need nothing that is installed for the bench alone.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Command } from "./engine-process.js";
import type { Engine } from "./engines/index.js";
import { type Contestant, race } from "./race.js";
import type { Table } from "./table.js";
import { w4 } from "./workloads/w4.js";

let scratch = "";
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "bench-"));
});
afterAll(() => rmSync(scratch, { recursive: true }));

function contestant(
  name: string,
  command: Command | Error,
  more: Partial<Engine> = {},
): Contestant {
  return { engine: { name, role: "peer", file: "", packages: [], ...more }, command };
}

/** A process that answers every request with `reply`. */
function answering(reply: object): Command {
  const script = `
    const { writeSync } = require("node:fs");
    require("node:readline").createInterface({ input: process.stdin })
      .on("line", () => writeSync(3, ${JSON.stringify(`${JSON.stringify(reply)}\n`)}));`;
  return { program: process.execPath, args: ["-e", script] };
}

const byHand = contestant("by hand", {
  program: process.execPath,
  args: ["--import", "tsx", fileURLToPath(new URL("engines/typed-arrays.ts", import.meta.url))],
});

async function xnor(...others: Contestant[]): Promise<Table> {
  const [, kept] = w4;
  if (kept === undefined) throw new Error("W4 is there twice");
  return race(kept, [byHand, ...others], { scratch, options: { rounds: 2, seconds: 0.001 } });
}

it("an engine that agrees is timed", async () => {
  const table = await xnor();
  const [row] = table.rows;
  expect(row?.samples).toHaveLength(2);
  expect(row?.median).toBeGreaterThan(100);
  expect(table.checked).toBe("12 values within 0.0001 of those of by hand: by hand");
});

it("who disagrees is not timed, and the table says so", async () => {
  const wrong = { values: new Array(12).fill(1), milliseconds: 1, peakBytes: 1 };
  const { checked, rows } = await xnor(contestant("wrong", answering(wrong)));
  expect(rows[1]).toMatchObject({ median: null, samples: [] });
  expect(rows[1]?.note).toMatch(/^disagrees with by hand: value 0 is 1, not 0\.2/);
  expect(checked).not.toContain("wrong");
});

it("other work is timed, unless it comes to NaN", async () => {
  const otherWork = "something else";
  const other = { values: [7], milliseconds: 1 };
  const { rows } = await xnor(
    contestant("other", answering(other), { otherWork }),
    contestant("broken", answering({ ...other, values: ["NaN"] }), { otherWork }),
  );
  expect(rows[1]).toMatchObject({ isOtherWork: true, note: otherWork });
  expect(rows[1]?.median).toBeGreaterThan(0);
  expect(rows[2]?.median).toBeNull();
});

it("refusals, deaths and missing programs are told", async () => {
  const { rows } = await xnor(
    contestant("refuses", answering({ error: "no such kernel\nat …" })),
    contestant("dies", { program: process.execPath, args: ["-e", "throw new Error('ouch')"] }),
    contestant("absent", { program: "/nowhere/at/all", args: [] }),
    contestant("missing", new Error("not installed")),
    contestant("crawls", answering({ values: [1], milliseconds: 20_000 }), { otherWork: "any" }),
  );
  const notes = rows.slice(1).map(({ note }) => note);
  expect(notes[0]).toBe("no such kernel");
  expect(notes[1]).toMatch(/^died: /);
  expect(notes[2]).toContain("ENOENT");
  expect(notes[3]).toBe("not installed");
  expect(notes[4]).toBe("too slow: 20 s a run");
  expect(rows[0]?.median).toBeGreaterThan(0);
});
