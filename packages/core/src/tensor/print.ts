// Tensors as text: values in columns, the middle of long axes left out.

import type { TypedArray } from "@chainrule/kernel";
import { noGrad } from "../autograd/grad-mode.js";
import { formatShape } from "../errors.js";
import { concat } from "../ops/join/concat.js";
import { readDataSync } from "./read.js";
import type { Tensor } from "./tensor.js";

/** Axes longer than this show their first and last `edge` elements when the tensor is large. */
const edge = 3;
const summarizeAbove = 1000;

/** `x` as text, e.g. `tensor([[1, 2], [3, 4]], float32 [2, 2])`. */
export function formatTensor(x: Tensor): string {
  const facts = [`${x.dtype} ${formatShape(x.shape)}`];
  if (x.backend.name !== "js") facts.push(x.backend.name);
  if (x.requiresGrad) facts.push(x.node === null ? "requiresGrad" : `grad of ${x.node.op.name}`);
  return `tensor(${contents(x)}, ${facts.join(", ")})`;
}

function contents(x: Tensor): string {
  if (x.disposed) return "<disposed>";
  if (x.backend.readSync === undefined) return "<on the device: read with await x.array()>";
  if (x.size === 0) return "[]";
  const summarize = x.size > summarizeAbove;
  const visible = summarize ? noGrad(() => corners(x)) : x;
  const cells = formatCells(readDataSync(visible), x.dtype === "bool");
  return layOut(cells, visible.shape, summarize ? x.shape : visible.shape);
}

/** The elements that a summary shows. */
function corners(x: Tensor): Tensor {
  let result = x;
  for (const [axis, n] of x.shape.entries()) {
    if (n <= 2 * edge) continue;
    const head = result.at(...x.shape.map((_, d) => (d === axis ? { stop: edge } : ":")));
    const tail = result.at(...x.shape.map((_, d) => (d === axis ? { start: -edge } : ":")));
    result = concat([head, tail], axis);
  }
  return result;
}

function formatCells(data: TypedArray, isBool: boolean): string[] {
  const cells = Array.from(data, (value) =>
    isBool ? String(value !== 0) : Number.isInteger(value) ? String(value) : formatFraction(value),
  );
  const width = Math.max(...cells.map((cell) => cell.length));
  return cells.map((cell) => cell.padStart(width));
}

function formatFraction(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  const size = Math.abs(value);
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toFixed(4))) : value.toExponential(4);
}

function layOut(
  cells: readonly string[],
  visible: readonly number[],
  full: readonly number[],
): string {
  let next = 0;
  const level = (axis: number, indent: string): string => {
    const n = visible[axis];
    if (n === undefined) return cells[next++] ?? "";
    const parts: string[] = [];
    for (let i = 0; i < n; i++) {
      if (n !== full[axis] && i === edge) parts.push("…");
      parts.push(level(axis + 1, `${indent} `));
    }
    const innermost = axis === visible.length - 1;
    return `[${parts.join(innermost ? ", " : `,\n${indent} `)}]`;
  };
  return level(0, " ".repeat("tensor(".length));
}
