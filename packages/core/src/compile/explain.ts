// Programs as text for people.

import { costOf, type Origin, type Program, type ProgramCall } from "@chainrule/kernel";
import type { Executable } from "./executable.js";

/** What `compiled.explain()` shows. */
export function explain(name: string, programs: readonly Executable[]): string {
  if (programs.length === 0)
    return `${name}: no program, as it has not been called since it was made or disposed.`;
  return programs.map((executable, i) => explainOne(name, i, executable)).join("\n\n");
}

function explainOne(name: string, index: number, { recording }: Executable): string {
  const { program, bindings, draws, device, takes, derivative } = recording;
  const lines = [
    `${name}, program ${index + 1}, of (${takes.join(", ")}) on "${device.backend.name}": ${summaryOf(program)}`,
    ...bindings.map(({ index: buffer, written }) => {
      const { label = "", dtype = "", length = 0 } = program.buffers[buffer] ?? {};
      const verb = written ? "reads and writes" : "reads";
      return `  ${verb} ${label} (${dtype}, ${count(length, "element")})`;
    }),
    ...(draws.length === 0
      ? []
      : [`  draws random numbers ${count(draws.length, "time")} per call`]),
    ...tableOf(program),
  ];
  if (derivative !== undefined)
    lines.push(
      `  backward() on its results: ${summaryOf(derivative.program)}`,
      ...tableOf(derivative.program),
    );
  return lines.join("\n");
}

function summaryOf(program: Program): string {
  const operations = program.calls.reduce((sum, { origins }) => sum + origins.length, 0);
  const costs = program.calls.map((call) => costOf(call, program));
  const bytes = costs.reduce((sum, cost) => sum + cost.bytes, 0);
  const flops = costs.reduce((sum, cost) => sum + cost.flops, 0);
  return `${count(operations, "operation")} in ${count(program.calls.length, "kernel")}, ${amount(bytes, "B")} moved, ${amount(flops, "flop")}`;
}

function tableOf(program: Program): string[] {
  const rows = program.calls.map((call) => {
    const { bytes, flops } = costOf(call, program);
    return [phaseOf(call), shapeOf(call), amount(bytes, "B"), amount(flops, "flop"), nameOf(call)];
  });
  return table(rows);
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
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
