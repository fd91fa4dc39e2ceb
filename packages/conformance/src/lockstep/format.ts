// What a comparison found, for people.

import { formatShape } from "@chainrule/core";
import type {
  ArrayView,
  Comparison,
  Difference,
  ElementDifference,
  OperandView,
  Place,
} from "./difference.js";

/**
 * What {@link compareBackends} found as text of a few lines.
 *
 * @example
 * const result = await compareBackends(() => tensor([1, 2]).sum(), js(), interpreter());
 * formatDifference(result) // => "no difference in 1 operation"
 */
export function formatDifference(result: Comparison): string {
  if (result.same) {
    const { operations, worst } = result;
    const all = `no difference in ${operations} operation${operations === 1 ? "" : "s"}`;
    if (worst === null) return all;
    return `${all}, at most ${ulps(worst.ulp)} in ${worst.op}${whereabouts(worst)}`;
  }
  return [
    `${headline(result)}, step ${result.index}${whereabouts(result)}`,
    ...facts(result),
    ...result.inputs.map((input, i) => `  operand ${i}  ${operand(input)}`),
  ].join("\n");
}

function headline(result: Difference): string {
  const { kind, op } = result;
  switch (kind) {
    case "value":
      return `${op} gives something else`;
    case "memory":
      return `operand ${result.operand} of ${op} is no longer what ${writer(result)} wrote`;
    case "sequence":
      return "another operation runs";
    case "error":
      return `${op === "" ? "the end" : op} is not reached`;
    case "leaf":
      if (result.operand !== undefined)
        return `operand ${result.operand} of ${op} is another number`;
      return op === "upload"
        ? "an array is not stored as it was given"
        : "an array that no operation made is another one";
    default:
      return kind satisfies never;
  }
}

function writer({ inputs, operand: at = 0 }: ElementDifference): string {
  const input = inputs[at];
  return typeof input === "object" ? source(input) : "an earlier step";
}

function whereabouts({ path, phase, derivativeOf }: Place): string {
  const inside = path === "" ? "" : ` in ${path}`;
  return phase === "backward" ? `, derivative of ${derivativeOf}${inside}` : inside;
}

function facts(result: Difference): string[] {
  switch (result.kind) {
    case "sequence":
      return [`  expected  ${result.expected}`, `  got       ${result.got}`];
    case "error":
      return [`  expected  ${result.expected}`, `  got       ${String(result.got)}`];
    default:
      return elementFacts(result);
  }
}

function elementFacts(result: ElementDifference): string[] {
  const { expected, got, ulp, tolerance, count, shape, dtype, position } = result;
  const elements = shape.reduce((product, n) => product * n, 1);
  return [
    `  element   ${formatShape(position)} of ${dtype}${formatShape(shape)}: expected ${text(expected)}, got ${text(got)}`,
    `  distance  ${ulps(ulp)}, allowed ${digits(tolerance.ulp)}: ${tolerance.reason}`,
    ...(elements > 1 ? [`  elements  ${count} of ${elements} are too far off`] : []),
  ];
}

function operand(input: OperandView): string {
  if (typeof input === "number") return text(input);
  const { name, dtype, shape, strides, offset, values } = input;
  const size = shape.reduce((product, n) => product * n, 1);
  const more = size > values.length ? ", …" : "";
  const preview = values.map((value) => digits(value)).join(", ");
  const title = name === "" ? "" : `${name}, `;
  return (
    `${title}${dtype}${formatShape(shape)} of ${source(input)}, ` +
    `strides ${formatShape(strides)} from ${offset}: ${preview}${more}`
  );
}

function source({ from: { op, index } }: ArrayView): string {
  return `${op} (step ${index})`;
}

function ulps(distance: number): string {
  return `${digits(distance)} ULP`;
}

function digits(x: number): string {
  return Number.isInteger(x) ? text(x) : `${Number(x.toPrecision(4))}`;
}

function text(x: number): string {
  return Object.is(x, -0) ? "-0" : `${x}`;
}
