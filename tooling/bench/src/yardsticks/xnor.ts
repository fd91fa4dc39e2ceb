// One training step of the 2-4-1 sigmoid network on the four XNOR rows, written out by hand on typed
// arrays: mean squared error, SGD.

/** Weights [out, in] and biases of the two layers. */
export interface XnorWeights {
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  readonly w2: Float32Array;
  readonly b2: Float32Array;
}

/** A function that does one step and returns the loss before it. */
export function handWrittenXnor(
  initial: XnorWeights,
  x: Float32Array,
  y: Float32Array,
  lr: number,
): () => number {
  const w1 = initial.w1.slice();
  const b1 = initial.b1.slice();
  const w2 = initial.w2.slice();
  const b2 = initial.b2.slice();
  const h = new Float32Array(16);
  const g1 = new Float32Array(8);
  const gb1 = new Float32Array(4);
  const g2 = new Float32Array(4);
  return () => {
    g1.fill(0);
    gb1.fill(0);
    g2.fill(0);
    let gb2 = 0;
    let loss = 0;
    for (let i = 0; i < 4; i++) {
      const x0 = x[i * 2] as number;
      const x1 = x[i * 2 + 1] as number;
      let z = b2[0] as number;
      for (let j = 0; j < 4; j++) {
        const a = (w1[j * 2] as number) * x0 + (w1[j * 2 + 1] as number) * x1 + (b1[j] as number);
        const s = 1 / (1 + Math.exp(-a));
        h[i * 4 + j] = s;
        z += s * (w2[j] as number);
      }
      const out = 1 / (1 + Math.exp(-z));
      const error = out - (y[i] as number);
      loss += error * error;
      const d = 0.5 * error * out * (1 - out);
      gb2 += d;
      for (let j = 0; j < 4; j++) {
        const s = h[i * 4 + j] as number;
        g2[j] = (g2[j] as number) + d * s;
        const dh = d * (w2[j] as number) * s * (1 - s);
        g1[j * 2] = (g1[j * 2] as number) + dh * x0;
        g1[j * 2 + 1] = (g1[j * 2 + 1] as number) + dh * x1;
        gb1[j] = (gb1[j] as number) + dh;
      }
    }
    for (let j = 0; j < 8; j++) w1[j] = (w1[j] as number) - lr * (g1[j] as number);
    for (let j = 0; j < 4; j++) {
      b1[j] = (b1[j] as number) - lr * (gb1[j] as number);
      w2[j] = (w2[j] as number) - lr * (g2[j] as number);
    }
    b2[0] = (b2[0] as number) - lr * gb2;
    return loss / 4;
  };
}
