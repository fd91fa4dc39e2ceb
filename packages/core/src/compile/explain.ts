// Programs as text for people.

import { costOf, type Origin, type ProgramCall } from "@chainrule/kernel";
import type { Executable } from "./executable.js";

/** What `compiled.explain()` shows. */
export function explain(name: string, programs: readonly Executable[]): string {
  if (programs.length === 0) return `${name}: not called yet, so there is no program.`;
  return programs.map((executable, i) => explainOne(name, i, executable)).join("\n\n");
}

function explainOne(name: string, index: number, { recording }: Executable): string {
  const { program, bindings, draws } = recording;
  const counts = new Map<string, number>();
  for (const { role } of program.buffers) counts.set(role, (counts.get(role) ?? 0) + 1);
  let [bytes, flops] = [0, 0];
  const rows = program.calls.map((call) => {
    const cost = costOf(call, program);
    bytes += cost.bytes;
    flops += cost.flops;
    return [
      phaseOf(call),
      shapeOf(call),
      amount(cost.bytes, "B"),
      amount(cost.flops, "flop"),
      nameOf(call),
    ];
  });
  const operations = program.calls.reduce((sum, { origins }) => sum + origins.length, 0);
  const lines = [
    `${name}, program ${index + 1}: ${operations} operations in ${program.calls.length} kernels, ${amount(bytes, "B")} moved, ${amount(flops, "flop")}`,
    ...bindings.map(({ index: buffer, written }) => {
      const { label = "", dtype = "", length = 0 } = program.buffers[buffer] ?? {};
      return `  ${written ? "reads and writes" : "reads"} ${label} (${dtype}, ${length} elements)`;
    }),
    ...(draws.length === 0 ? [] : [`  draws random numbers ${draws.length} times per call`]),
    ...table(rows),
  ];
  return lines.join("\n");
}

function phaseOf({ origins }: ProgramCall): string {
  const phases = [...new Set(origins.map(({ phase }) => phase))];
  return phases.join("+");
}

function nameOf(call: ProgramCall): string {
  const names = call.origins.map(({ op }) => op).join(" + ");
  const path = pathOf(call.origins);
  return path === "" ? names : `${path}: ${names}`;
}

/** The innermost layer of the first operation that has one. */
function pathOf(origins: readonly Origin[]): string {
  const path = origins.find(({ path }) => path !== "")?.path ?? "";
  return path.split(".").at(-1) ?? "";
}

function shapeOf({ outputs }: ProgramCall): string {
  const shapes = outputs.map(({ layout }) => `[${layout.shape.join(", ")}]`);
  const [first = ""] = shapes;
  const alike = shapes.length > 1 && shapes.every((shape) => shape === first);
  return alike ? `${shapes.length} × ${first}` : shapes.join(" ");
}

const prefixes = ["", "k", "M", "G", "T"];

/** 1234 as "1.23 k…". */
function amount(value: number, unit: string): string {
  let scaled = value;
  let step = 0;
  while (scaled >= 1000 && step < prefixes.length - 1) {
    scaled /= 1000;
    step += 1;
  }
  return `${step === 0 ? scaled : scaled.toPrecision(3)} ${prefixes[step]}${unit}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, text] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    }
  }
  return rows.map((row) =>
    `  ${row.map((text, c) => text.padEnd(widths[c] ?? 0)).join("  ")}`.trimEnd(),
  );
}
