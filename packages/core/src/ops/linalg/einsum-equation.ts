// The equation of an einsum, read and checked: from text to one label for every axis.

import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";

/**
 * What an equation means for given shapes. A label is the character code of a letter; the axes of an
 * ellipsis are …, -2, -1, so that labels in ascending order are those of an implicit output.
 *
 * @internal
 */
export interface EinsumLabels {
  /** May repeat a label: a diagonal. */
  readonly operands: readonly (readonly number[])[];
  readonly output: readonly number[];
  /** The extent of each label; an operand may have extent 1 instead. */
  readonly extents: ReadonlyMap<number, number>;
}

/** The labels of one operand or of the result as written. */
interface Subscript {
  readonly before: readonly number[];
  readonly hasEllipsis: boolean;
  readonly after: readonly number[];
}

/**
 * The labels of operands of `shapes` under `equation`.
 *
 * Throws: ValueError for text that is no equation of so many operands; ShapeError for shapes that do
 * not fit it.
 *
 * @internal
 */
export function einsumLabels(
  equation: string,
  shapes: readonly (readonly number[])[],
): EinsumLabels {
  const { inputs, result } = parse(equation);
  if (inputs.length !== shapes.length) {
    throw new ValueError("einsum", "an equation names every operand", {
      expected: `as many operands as ${formatValue(equation)} has (${inputs.length})`,
      got: `${shapes.length}`,
      fix: "Separate the labels of operands by commas, and pass operands one by one.",
    });
  }
  const operands = inputs.map((input, i) => axisLabels(equation, input, i, shapes[i] ?? []));
  const extents = extentsOf(equation, operands, shapes);
  const ellipsis = [...extents.keys()].filter((label) => label < 0).sort((a, b) => a - b);
  const all = operands.flat();
  const isAlone = (label: number): boolean => all.indexOf(label) === all.lastIndexOf(label);
  const output =
    result === undefined
      ? [...ellipsis, ...all.filter((label) => label > 0 && isAlone(label)).sort((a, b) => a - b)]
      : [...result.before, ...(result.hasEllipsis ? ellipsis : []), ...result.after];
  for (const [i, label] of output.entries()) {
    if (extents.has(label) && output.indexOf(label) === i) continue;
    throw new ValueError("einsum", "a label of the result is one of the operands, named once", {
      expected: `distinct labels of operands in the result of ${formatValue(equation)}`,
      got: `"${nameOf(label)}"${extents.has(label) ? " twice" : ""}`,
    });
  }
  return { operands, output, extents };
}

function parse(equation: string): { inputs: Subscript[]; result: Subscript | undefined } {
  const [left = "", right, ...more] = equation.replace(/\s/g, "").split("->");
  if (more.length > 0) throw syntaxError(equation, `${more.length + 2} parts`);
  return {
    inputs: left.split(",").map((text) => subscript(equation, text)),
    result: right === undefined ? undefined : subscript(equation, right),
  };
}

function subscript(equation: string, text: string): Subscript {
  const match = /^([a-z]*)(\.\.\.)?([a-z]*)$/i.exec(text);
  if (match === null) throw syntaxError(equation, formatValue(text));
  const [, before = "", ellipsis, after = ""] = match;
  const codes = (letters: string): number[] => [...letters].map((letter) => letter.charCodeAt(0));
  return { before: codes(before), hasEllipsis: ellipsis !== undefined, after: codes(after) };
}

function syntaxError(equation: string, got: string): ValueError {
  return new ValueError("einsum", 'labels are letters, with at most one "..." among them', {
    expected: 'labels of operands separated by commas and, after one "->", those of the result',
    got: `${got} in ${formatValue(equation)}`,
  });
}

/** One label for every axis of operand `index`. */
function axisLabels(
  equation: string,
  { before, hasEllipsis, after }: Subscript,
  index: number,
  shape: readonly number[],
): number[] {
  const named = before.length + after.length;
  const rest = shape.length - named;
  if (rest < 0 || (rest > 0 && !hasEllipsis)) {
    throw new ShapeError("einsum", "every axis has a label", {
      expected: `${hasEllipsis ? "at least " : ""}as many axes as operand ${index} of ${formatValue(equation)} has labels (${named})`,
      got: `shape ${formatShape(shape)}`,
      ...(rest > 0 && { fix: 'Write "..." for axes without a label.' }),
    });
  }
  return [...before, ...Array.from({ length: rest }, (_, i) => i - rest), ...after];
}

/** The extent of each label: one for all its axes, but 1 stretches to that of another operand. */
function extentsOf(
  equation: string,
  operands: readonly (readonly number[])[],
  shapes: readonly (readonly number[])[],
): Map<number, number> {
  const extents = new Map<number, number>();
  for (const [i, labels] of operands.entries()) {
    for (const [axis, label] of labels.entries()) {
      const n = shapes[i]?.[axis] ?? 1;
      const first = shapes[i]?.[labels.indexOf(label)];
      const before = extents.get(label) ?? 1;
      if (n !== first || (n !== before && n !== 1 && before !== 1)) {
        throw new ShapeError("einsum", "a label has one extent", {
          expected: `equal extents of "${nameOf(label)}" in ${formatValue(equation)}, or 1 in some operands`,
          got: shapes.map(formatShape).join(" and "),
        });
      }
      if (before === 1) extents.set(label, n);
    }
  }
  return extents;
}

function nameOf(label: number): string {
  return label < 0 ? "..." : String.fromCharCode(label);
}
