import type { Layer } from "../task.js";

/** Linear layers of these sizes with `activation` between them. */
export function perceptron(sizes: readonly number[], activation: "relu" | "sigmoid"): Layer[] {
  return sizes.slice(1).flatMap((outputs, i): Layer[] => {
    const linear: Layer = { name: "linear", inputs: sizes[i] ?? 0, outputs };
    return i === 0 ? [linear] : [{ name: activation }, linear];
  });
}
