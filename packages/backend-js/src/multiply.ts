// The matrix product: out[i, j] = sum over p of a[i, p] b[p, j], however rows and columns lie: a row
// may be a window of an image. Blocks of both factors are copied ("packed") into panels that the
// innermost loop walks straight through, four rows of a against four columns of b.

import type { Operand } from "@chainrule/kernel";
import { addresses } from "./addresses.js";
import type { JsBuffer } from "./buffer.js";

/** A float matrix in memory: element [i, j] lies at `offset + rows[i] + columns[j]`. */
export interface Matrix {
  readonly data: Float32Array | Float64Array;
  readonly offset: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** The elements of a float array, as those of a matrix. */
export function floatsOf({ buffer }: Operand): Matrix["data"] {
  return (buffer as JsBuffer).data as Matrix["data"];
}

/**
 * Writes the product of `a` [m, k] and `b` [k, n] to `out` [m, n], or adds it to what is there; then
 * several elements of `out` may be one place, which collects them all. Sums over k are doubles.
 */
export type Multiply = (
  m: number,
  n: number,
  k: number,
  a: Matrix,
  b: Matrix,
  out: Matrix,
  add?: boolean,
) => void;

const tileRows = 4;
const tileColumns = 4;
/** Longest stretch of k packed at once, so that two panels (32 KB) stay near the processor. */
const maxDepth = 512;
/** Columns computed at once where there are less than four rows. */
const stripColumns = 128;
/** Elements of b packed at once: 512 KB of doubles, half of a usual second-level cache. */
const blockElements = 1 << 16;

/**
 * Makes a {@link Multiply} for results in `Floats`, with panels of its own. Use {@link multiply}: V8
 * treats the panels of a closure that exists once as constants, which makes the inner loop 1.15
 * times as fast (Node 20), and an inner loop that writes one kind of array only is faster too.
 */
export function createMultiply(Floats: typeof Float32Array | typeof Float64Array): Multiply {
  // Panels hold doubles: single precision would need a rounding after every step, which takes
  // longer than the addition (2.2 times slower), and loads of float32 a conversion (1.2 times).
  const aPanel = new Float64Array(tileRows * maxDepth);
  const bPanels = new Float64Array(blockElements);
  // Of the dtype of results, so that one kind of array is written.
  const strip = new Floats(tileRows * stripColumns);
  const stripAt = addresses([stripColumns], [1]);

  // aPanel [depth, 4] times `count` panels of b [depth, 4], from `start` on: each sum of outer
  // products is written, or added, to four rows and the next four columns of `data`, one element
  // after the other as places may coincide. `| 0` spares overflow checks; 4x4 beat 2x4, 3x4, 4x8,
  // 6x4 and 8x8 on Node 20 and 24.
  function multiplyPanels(
    depth: number,
    start: number,
    count: number,
    data: Float32Array | Float64Array,
    row0: number,
    row1: number,
    row2: number,
    row3: number,
    columnAt: Int32Array,
    first: number,
    add: boolean,
  ): void {
    let q = start;
    const end = (first + 4 * count) | 0;
    for (let j = first; j < end; j = (j + 4) | 0) {
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      let c20 = 0;
      let c21 = 0;
      let c22 = 0;
      let c23 = 0;
      let c30 = 0;
      let c31 = 0;
      let c32 = 0;
      let c33 = 0;
      let p = 0;
      for (let step = 0; step < depth; step++) {
        const b0 = bPanels[q] as number;
        const b1 = bPanels[(q + 1) | 0] as number;
        const b2 = bPanels[(q + 2) | 0] as number;
        const b3 = bPanels[(q + 3) | 0] as number;
        const a0 = aPanel[p] as number;
        c00 += a0 * b0;
        c01 += a0 * b1;
        c02 += a0 * b2;
        c03 += a0 * b3;
        const a1 = aPanel[(p + 1) | 0] as number;
        c10 += a1 * b0;
        c11 += a1 * b1;
        c12 += a1 * b2;
        c13 += a1 * b3;
        const a2 = aPanel[(p + 2) | 0] as number;
        c20 += a2 * b0;
        c21 += a2 * b1;
        c22 += a2 * b2;
        c23 += a2 * b3;
        const a3 = aPanel[(p + 3) | 0] as number;
        c30 += a3 * b0;
        c31 += a3 * b1;
        c32 += a3 * b2;
        c33 += a3 * b3;
        p = (p + 4) | 0;
        q = (q + 4) | 0;
      }
      const column0 = columnAt[j] as number;
      const column1 = columnAt[(j + 1) | 0] as number;
      const column2 = columnAt[(j + 2) | 0] as number;
      const column3 = columnAt[(j + 3) | 0] as number;
      if (add) {
        data[(row0 + column0) | 0] = (data[(row0 + column0) | 0] as number) + c00;
        data[(row0 + column1) | 0] = (data[(row0 + column1) | 0] as number) + c01;
        data[(row0 + column2) | 0] = (data[(row0 + column2) | 0] as number) + c02;
        data[(row0 + column3) | 0] = (data[(row0 + column3) | 0] as number) + c03;
        data[(row1 + column0) | 0] = (data[(row1 + column0) | 0] as number) + c10;
        data[(row1 + column1) | 0] = (data[(row1 + column1) | 0] as number) + c11;
        data[(row1 + column2) | 0] = (data[(row1 + column2) | 0] as number) + c12;
        data[(row1 + column3) | 0] = (data[(row1 + column3) | 0] as number) + c13;
        data[(row2 + column0) | 0] = (data[(row2 + column0) | 0] as number) + c20;
        data[(row2 + column1) | 0] = (data[(row2 + column1) | 0] as number) + c21;
        data[(row2 + column2) | 0] = (data[(row2 + column2) | 0] as number) + c22;
        data[(row2 + column3) | 0] = (data[(row2 + column3) | 0] as number) + c23;
        data[(row3 + column0) | 0] = (data[(row3 + column0) | 0] as number) + c30;
        data[(row3 + column1) | 0] = (data[(row3 + column1) | 0] as number) + c31;
        data[(row3 + column2) | 0] = (data[(row3 + column2) | 0] as number) + c32;
        data[(row3 + column3) | 0] = (data[(row3 + column3) | 0] as number) + c33;
      } else {
        data[(row0 + column0) | 0] = c00;
        data[(row0 + column1) | 0] = c01;
        data[(row0 + column2) | 0] = c02;
        data[(row0 + column3) | 0] = c03;
        data[(row1 + column0) | 0] = c10;
        data[(row1 + column1) | 0] = c11;
        data[(row1 + column2) | 0] = c12;
        data[(row1 + column3) | 0] = c13;
        data[(row2 + column0) | 0] = c20;
        data[(row2 + column1) | 0] = c21;
        data[(row2 + column2) | 0] = c22;
        data[(row2 + column3) | 0] = c23;
        data[(row3 + column0) | 0] = c30;
        data[(row3 + column1) | 0] = c31;
        data[(row3 + column2) | 0] = c32;
        data[(row3 + column3) | 0] = c33;
      }
    }
  }

  /**
   * Copies `lines` of four lines side by side to `panel`, those missing as 0: `depth` elements of
   * each, line l at `lineAt[first + l]`, its elements at `depthAt[from]` and following.
   */
  function pack(
    panel: Float64Array,
    start: number,
    data: Float32Array | Float64Array,
    offset: number,
    lineAt: Int32Array,
    first: number,
    lines: number,
    depthAt: Int32Array,
    from: number,
    depth: number,
  ): void {
    let to = start;
    if (lines < 4) {
      for (let step = 0; step < depth; step++) {
        const at = offset + (depthAt[from + step] as number);
        for (let line = 0; line < 4; line++)
          panel[to + line] =
            line < lines ? (data[at + (lineAt[first + line] as number)] as number) : 0;
        to += 4;
      }
      return;
    }
    const line0 = (offset + (lineAt[first] as number)) | 0;
    const line1 = (offset + (lineAt[first + 1] as number)) | 0;
    const line2 = (offset + (lineAt[first + 2] as number)) | 0;
    const line3 = (offset + (lineAt[first + 3] as number)) | 0;
    for (let step = 0; step < depth; step++) {
      const at = depthAt[(from + step) | 0] as number;
      panel[to] = data[(line0 + at) | 0] as number;
      panel[(to + 1) | 0] = data[(line1 + at) | 0] as number;
      panel[(to + 2) | 0] = data[(line2 + at) | 0] as number;
      panel[(to + 3) | 0] = data[(line3 + at) | 0] as number;
      to = (to + 4) | 0;
    }
  }

  /** aPanel times the panels of columns `j` to `end`, as rows of `out` from `i` on, up to four. */
  function multiplyRow(
    depth: number,
    out: Matrix,
    i: number,
    rows: number,
    j: number,
    end: number,
    add: boolean,
  ): void {
    const { data, offset, rows: rowAt, columns: columnAt } = out;
    const whole = rows === tileRows ? (end - j) >> 2 : 0;
    if (whole > 0) {
      const row0 = (offset + (rowAt[i] as number)) | 0;
      const row1 = (offset + (rowAt[i + 1] as number)) | 0;
      const row2 = (offset + (rowAt[i + 2] as number)) | 0;
      const row3 = (offset + (rowAt[i + 3] as number)) | 0;
      multiplyPanels(depth, 0, whole, data, row0, row1, row2, row3, columnAt, j, add);
    }
    // Less than four rows or columns are computed elsewhere, and what there is of them is copied.
    for (let at = j + whole * tileColumns; at < end; at += stripColumns) {
      const columns = Math.min(stripColumns, end - at);
      const [row1, row2, row3] = [stripColumns, 2 * stripColumns, 3 * stripColumns];
      const count = Math.ceil(columns / tileColumns);
      multiplyPanels(depth, (at - j) * depth, count, strip, 0, row1, row2, row3, stripAt, 0, false);
      for (let row = 0; row < rows; row++)
        for (let column = 0; column < columns; column++) {
          const to = (offset + (rowAt[i + row] as number) + (columnAt[at + column] as number)) | 0;
          const value = strip[(row * stripColumns + column) | 0] as number;
          data[to] = add ? (data[to] as number) + value : value;
        }
    }
  }

  return (m, n, k, a, b, out, add = false) => {
    // Equal stretches of k, then as many columns of b as fit the block.
    const stretches = Math.max(1, Math.ceil(k / maxDepth));
    const depth = Math.max(1, Math.ceil(k / stretches));
    const width = Math.floor(blockElements / (depth * tileColumns)) * tileColumns;
    for (let j0 = 0; j0 < n; j0 += width) {
      const j1 = Math.min(n, j0 + width);
      for (let p0 = 0; p0 === 0 || p0 < k; p0 += depth) {
        const length = Math.min(depth, k - p0);
        for (let j = j0; j < j1; j += tileColumns) {
          const columns = Math.min(tileColumns, n - j);
          const start = (j - j0) * length;
          pack(bPanels, start, b.data, b.offset, b.columns, j, columns, b.rows, p0, length);
        }
        for (let i = 0; i < m; i += tileRows) {
          const rows = Math.min(tileRows, m - i);
          pack(aPanel, 0, a.data, a.offset, a.rows, i, rows, a.columns, p0, length);
          multiplyRow(length, out, i, rows, j0, j1, add || p0 > 0);
        }
      }
    }
  };
}

let single: Multiply | undefined;
let double: Multiply | undefined;

/** The product that everything uses: one for each float dtype, made when it is first needed. */
export const multiply: Multiply = (m, n, k, a, b, out, add) => {
  if (out.data instanceof Float32Array) {
    single ??= createMultiply(Float32Array);
    single(m, n, k, a, b, out, add);
  } else {
    double ??= createMultiply(Float64Array);
    double(m, n, k, a, b, out, add);
  }
};
