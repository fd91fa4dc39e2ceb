// Matrix products by hand on typed arrays, the two yardsticks: the plain loop and the same with the
// accumulators of a 2 by 4 block in registers.

/** c [m, n] = a [m, k] · b [k, n]; the strides say how a and b lie. */
export type Product = (
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  m: number,
  n: number,
  k: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
) => void;

/** The plain loop in the order i, k, j. */
export const plain: Product = (c, a, b, m, n, k, aRow, aCol, bRow, bCol) => {
  c.fill(0, 0, m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p++) {
      const x = a[i * aRow + p * aCol] as number;
      for (let j = 0; j < n; j++) {
        c[i * n + j] = (c[i * n + j] as number) + x * (b[p * bRow + j * bCol] as number);
      }
    }
  }
};

/** Two rows by four columns at a time. */
export const blocked: Product = (c, a, b, m, n, k, aRow, aCol, bRow, bCol) => {
  const m2 = m - (m % 2);
  const n4 = n - (n % 4);
  for (let i = 0; i < m2; i += 2) {
    for (let j = 0; j < n4; j += 4) {
      let c00 = 0;
      let c01 = 0;
      let c02 = 0;
      let c03 = 0;
      let c10 = 0;
      let c11 = 0;
      let c12 = 0;
      let c13 = 0;
      let pa = i * aRow;
      let pb = j * bCol;
      for (let p = 0; p < k; p++) {
        const x0 = a[pa] as number;
        const x1 = a[pa + aRow] as number;
        const y0 = b[pb] as number;
        const y1 = b[pb + bCol] as number;
        const y2 = b[pb + 2 * bCol] as number;
        const y3 = b[pb + 3 * bCol] as number;
        c00 += x0 * y0;
        c01 += x0 * y1;
        c02 += x0 * y2;
        c03 += x0 * y3;
        c10 += x1 * y0;
        c11 += x1 * y1;
        c12 += x1 * y2;
        c13 += x1 * y3;
        pa += aCol;
        pb += bRow;
      }
      const at = i * n + j;
      c[at] = c00;
      c[at + 1] = c01;
      c[at + 2] = c02;
      c[at + 3] = c03;
      c[at + n] = c10;
      c[at + n + 1] = c11;
      c[at + n + 2] = c12;
      c[at + n + 3] = c13;
    }
    for (let j = n4; j < n; j++) {
      edge(c, a, b, i, j, n, k, aRow, aCol, bRow, bCol);
      edge(c, a, b, i + 1, j, n, k, aRow, aCol, bRow, bCol);
    }
  }
  for (let i = m2; i < m; i++) {
    for (let j = 0; j < n; j++) edge(c, a, b, i, j, n, k, aRow, aCol, bRow, bCol);
  }
};

function edge(
  c: Float32Array,
  a: Float32Array,
  b: Float32Array,
  i: number,
  j: number,
  n: number,
  k: number,
  aRow: number,
  aCol: number,
  bRow: number,
  bCol: number,
): void {
  let sum = 0;
  for (let p = 0; p < k; p++) {
    sum += (a[i * aRow + p * aCol] as number) * (b[p * bRow + j * bCol] as number);
  }
  c[i * n + j] = sum;
}
