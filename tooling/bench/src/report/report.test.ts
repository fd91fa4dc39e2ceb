import { expect, it } from "vitest";
import type { Engine } from "../engines/index.js";
import type { Machine } from "../machine.js";
import { rowOf, type Table } from "../table.js";
import { jsonText } from "./json.js";
import { markdownPage } from "./markdown.js";
import { tableText } from "./text.js";

function engine(name: string, role: Engine["role"], otherWork?: string): Engine {
  return { name, role, file: "", packages: [], ...(otherWork !== undefined && { otherWork }) };
}

const table: Table = {
  id: "w1/b64",
  title: "W1",
  unit: "steps/s",
  better: "more",
  checked: "5 values equal",
  rows: [
    rowOf(engine("ours", "ours"), [90, 100, 110]),
    rowOf(engine("peer", "peer"), [40, 50, 45]),
    rowOf(engine("other", "peer", "online | updates"), [1000, 3000, 2000]),
    rowOf(engine("loop", "yardstick"), [0.05]),
    rowOf(engine("broken", "peer"), new Error("no kernel\nat line 1")),
  ],
};

const machine: Machine = {
  cpu: "Some CPU",
  cores: 2,
  memoryGiB: 8,
  system: "linux x64",
  node: "v20.19.0",
  load: 0.25,
  versions: { peer: "1.2.3" },
};

it("a terminal shows ratios to ours, and ours to the best peer that does the same work", () => {
  expect(tableText(table)).toBe(
    [
      "W1  [w1/b64]",
      "  engine   steps/s  spread  this / ours",
      "  ours         100    20 %         1.00",
      "  peer        45.0    22 %        0.450",
      "  other *    2,000   100 %         20.0  * online | updates",
      "  loop      0.0500               5.0e-4",
      "  broken         -                       no kernel",
      "  ours / best peer: ours / peer = 2.22",
      "  5 values equal",
    ].join("\n"),
  );
});

it("where less is better, the best peer is the least", () => {
  const start: Table = { ...table, unit: "ms", better: "less" };
  expect(tableText(start)).toContain("ours / peer = 2.22 (less is better)");
});

it("without ours there are no ratios", () => {
  const rows = table.rows.filter(({ role }) => role !== "ours");
  expect(tableText({ ...table, rows })).not.toContain("best peer");
});

it("the page for the docs names the machine and escapes cells", () => {
  const page = markdownPage(machine, { rounds: 3, seconds: 0.2 }, [table]);
  expect(page).toContain(
    "Some CPU, 2 cores, 8 GiB, linux x64, Node v20.19.0, load 0.3; peer 1.2.3",
  );
  expect(page).toContain("| other \\* | 2,000 | 100 % | 20.0 | \\* online \\| updates |");
  expect(page).toContain("Medians of 3 interleaved rounds of 0.2 s");
});

it("the data hold samples and ratios", () => {
  const data = JSON.parse(jsonText(machine, { rounds: 3, seconds: 0.2 }, [table]));
  expect(data.machine).toEqual(machine);
  expect(data.tables[0].rows[1]).toMatchObject({ samples: [40, 50, 45], median: 45, toOurs: 0.45 });
  expect(data.tables[0].oursToBestPeer).toMatchObject({ ours: "ours", peer: "peer" });
});
