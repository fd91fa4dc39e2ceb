// What engines are asked to do, as data: made once per run and handed to all of them alike. Layouts
// are PyTorch's: weights [out, in], images [N, C, H, W].

/** Numbers with a shape, row-major. */
export interface HostArray<Data extends Float32Array | Int32Array = Float32Array> {
  readonly shape: readonly number[];
  readonly data: Data;
}

/** A layer of a network that is trained; its parameters come in the order of {@link parameterShapes}. */
export type Layer =
  | { readonly name: "linear"; readonly inputs: number; readonly outputs: number }
  /** Stride 1, no padding. */
  | {
      readonly name: "conv";
      readonly inChannels: number;
      readonly outChannels: number;
      readonly window: number;
    }
  /** Windows that do not overlap. */
  | { readonly name: "maxPool"; readonly window: number }
  | { readonly name: "flatten" | "relu" | "sigmoid" }
  /** x [T, B, inputs] → all hidden states [T, B, hidden]; gates in the order i, f, g, o. */
  | { readonly name: "lstm"; readonly inputs: number; readonly hidden: number }
  /** A pre-norm block without affine norms, masks or biases of the attention; x [B, T, width]. */
  | {
      readonly name: "transformer";
      readonly width: number;
      readonly heads: number;
      readonly hidden: number;
    };

/** The layer called `Name`. */
export type LayerOf<Name extends Layer["name"]> = Extract<Layer, { readonly name: Name }>;

/** The shapes of a layer's parameters, weights before biases. */
export function parameterShapes(layer: Layer): number[][] {
  switch (layer.name) {
    case "linear":
      return [[layer.outputs, layer.inputs], [layer.outputs]];
    case "conv": {
      const { inChannels, outChannels, window } = layer;
      return [[outChannels, inChannels, window, window], [outChannels]];
    }
    case "lstm": {
      const gates = 4 * layer.hidden;
      return [[gates, layer.inputs], [gates, layer.hidden], [gates], [gates]];
    }
    case "transformer": {
      const { width, hidden } = layer;
      const square = [width, width];
      // query, key, value, output; then the two linear layers
      return [square, square, square, square, [hidden, width], [hidden], [width, hidden], [width]];
    }
    default:
      return [];
  }
}

/** What a step trains on. */
export interface Batch {
  readonly x: HostArray;
  /** Classes for a cross-entropy, values for a squared error, nothing for `meanSquare`. */
  readonly y: HostArray<Float32Array | Int32Array> | null;
}

/** Training steps, each on the next batch: forward, loss, backward, update, loss read as a number. */
export interface Training {
  readonly kind: "training";
  readonly layers: readonly Layer[];
  readonly parameters: readonly HostArray[];
  /** The mean over all elements; `meanSquare` is that of the output, without a target. */
  readonly loss: "crossEntropy" | "squaredError" | "meanSquare";
  readonly optimizer: { readonly name: "sgd" | "adam"; readonly lr: number };
  readonly batches: readonly Batch[];
  /** Whether the batches are handed over once and stay; otherwise each step takes a host array. */
  readonly resident: boolean;
  /** How many first losses must agree. */
  readonly checkedSteps: number;
}

/** A function of arrays that the engine holds already; its result is not read. */
export interface Call {
  readonly kind: "call";
  readonly function: FunctionName;
  readonly inputs: readonly HostArray[];
  /** Of convolutions, along both axes; nothing is padded. */
  readonly stride?: number;
}

/**
 * `softmax` and `layerNorm` (no affine, ε 1e-5) go along the last axis; `transpose` copies; `scale`
 * multiplies by 0.5; `reshape` is to [1, 1]. The convolutions take x, weight and the slope of the result.
 */
export type FunctionName =
  | "add"
  | "conv"
  | "convInputGradient"
  | "convWeightGradient"
  | "gelu"
  | "layerNorm"
  | "matmul"
  | "relu"
  | "reshape"
  | "scale"
  | "softmax"
  | "sum"
  | "transpose";

export type Task = Training | Call;
