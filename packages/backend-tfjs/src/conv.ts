// The three products of a convolution by `Conv2D` and its gradients. Ours are [N, C, ...S] and
// [O, C, ...K]; theirs [N, H, W, C] or [N, C, H, W], and [H, W, C, O].

import type { ConvAttrs, OpOverride, OpTable } from "@chainrule/core";
import { type Layout, layout, type Operand } from "@chainrule/kernel";
import * as tf from "@tensorflow/tfjs-core";
import type { Memory } from "./buffer.js";
import { store } from "./compile.js";
import type { Ops } from "./ops.js";
import { stretch } from "./shapes.js";
import { readView } from "./view.js";

/** A convolution with two spatial axes and one group. */
interface Geometry {
  readonly strides: [number, number];
  readonly dilations: [number, number];
  readonly before: [number, number];
  readonly after: [number, number];
  /** The spatial extents of the result of this product. */
  readonly extents: [number, number];
}

type Product = (a: tf.Tensor4D, b: tf.Tensor4D, geometry: Geometry) => tf.Tensor;

/** `conv`, `convInputGrad` and `convWeightGrad` of float32 with one or two spatial axes. */
export function convolutions(ops: Ops, memory: Memory): OpTable {
  const { runtime } = ops;
  const channelsFirst = runtime.convolvesChannelsFirst;
  return {
    conv: override(conv, [1, 0], 1),
    convInputGrad: override(inputGrad, [1, 0], 1),
    convWeightGrad: override(weightGrad, [1, 1], 0),
  };

  /** y [N, O, Y, X] of x [N, C, H, W] and weight [O, C, K, L]. */
  function conv(x: tf.Tensor4D, weight: tf.Tensor4D, geometry: Geometry): tf.Tensor {
    return convolve(x, tf.transpose(weight, [2, 3, 1, 0]), geometry);
  }

  /** `x` [N, C, H, W] convolved by `filter` [K, L, C, O]: [N, O, Y, X]. */
  function convolve(x: tf.Tensor4D, filter: tf.Tensor4D, geometry: Geometry): tf.Tensor4D {
    const { strides, dilations } = geometry;
    const y = kernel("Conv2D", { x: toTheirs(x), filter }, geometry, { strides, dilations });
    return toOurs(y);
  }

  /** x [N, C, H, W] of the gradient of y [N, O, Y, X] and weight [O, C, K, L]. */
  function inputGrad(dy: tf.Tensor4D, weight: tf.Tensor4D, geometry: Geometry): tf.Tensor {
    const { strides, extents, dilations } = geometry;
    const [batch] = dy.shape;
    const [, channels] = weight.shape;
    if (dilations.some((dilation) => dilation !== 1)) return dilatedInputGrad(dy, weight, geometry);
    const filter = tf.transpose(weight, [2, 3, 1, 0]);
    const inputShape = channelsFirst
      ? [batch, channels, ...extents]
      : [batch, ...extents, channels];
    const inputs = { dy: toTheirs(dy), filter };
    return toOurs(kernel("Conv2DBackpropInput", inputs, geometry, { strides, inputShape }));
  }

  /**
   * With stride 1. TensorFlow.js knows no gradients of dilated convolutions; every element meets the
   * taps in the opposite order.
   */
  function dilatedInputGrad(dy: tf.Tensor4D, weight: tf.Tensor4D, geometry: Geometry): tf.Tensor {
    const [outChannels, channels, ...window] = weight.shape;
    const { dilations, before, extents } = geometry;
    const taps = tf.reshape(tf.transpose(weight, [2, 3, 0, 1]), [-1, outChannels, channels]);
    const backwards = tf.range(taps.shape[0] - 1, -1, -1, "int32");
    const filter = tf.reshape(tf.gather(taps, backwards), [...window, outChannels, channels]);
    const spans = window.map((n, d) => (n - 1) * (dilations[d] ?? 1));
    const front = pair((d) => (spans[d] ?? 0) - (before[d] ?? 0));
    const back = pair(
      (d) => (extents[d] ?? 0) + (spans[d] ?? 0) - (dy.shape[2 + d] ?? 0) - (front[d] ?? 0),
    );
    // Where the padding is wider than a window, elements are added and cut off again.
    const extra = pair((d) => Math.max(0, -(front[d] ?? 0), -(back[d] ?? 0)));
    const wide = convolve(dy, filter as tf.Tensor4D, {
      ...geometry,
      before: pair((d) => (front[d] ?? 0) + (extra[d] ?? 0)),
      after: pair((d) => (back[d] ?? 0) + (extra[d] ?? 0)),
    });
    return tf.slice(wide, [0, 0, ...extra], [-1, -1, ...extents]);
  }

  /** weight [O, C, K, L] of x [N, C, H, W] and the gradient of y [N, O, Y, X]. */
  function weightGrad(x: tf.Tensor4D, dy: tf.Tensor4D, geometry: Geometry): tf.Tensor {
    const { strides, dilations, extents } = geometry;
    const [, outChannels] = dy.shape;
    const [, channels] = x.shape;
    const isDilated = dilations.some((dilation) => dilation !== 1);
    if (!channelsFirst && !isDilated) {
      const filterShape = [...extents, channels, outChannels];
      const inputs = { x: toTheirs(x), dy: toTheirs(dy) };
      const filter = kernel("Conv2DBackpropFilter", inputs, geometry, { strides, filterShape });
      return tf.transpose(filter, [3, 2, 0, 1]);
    }
    // Examples and channels change places: the gradient is a convolution of x by dy, whose taps lie
    // `strides` apart. Steps that did not fill a stride leave results over.
    const turned = convolve(tf.transpose(x, [1, 0, 2, 3]), tf.transpose(dy, [2, 3, 0, 1]), {
      ...geometry,
      strides: dilations,
      dilations: strides,
    });
    const part = tf.slice(turned, [0, 0, 0, 0], [channels, outChannels, ...extents]);
    return tf.transpose(part, [1, 0, 2, 3]);
  }

  function toTheirs(x: tf.Tensor4D): tf.Tensor4D {
    return channelsFirst ? x : tf.transpose(x, [0, 2, 3, 1]);
  }

  function toOurs(x: tf.Tensor4D): tf.Tensor4D {
    return channelsFirst ? x : tf.transpose(x, [0, 3, 1, 2]);
  }

  function kernel(
    name: string,
    inputs: tf.NamedTensorMap,
    { before, after }: Geometry,
    attributes: object,
  ): tf.Tensor4D {
    const spatial = before.map((n, d) => [n, after[d] ?? 0]);
    const pad = channelsFirst ? [[0, 0], [0, 0], ...spatial] : [[0, 0], ...spatial, [0, 0]];
    const dataFormat = channelsFirst ? "NCHW" : "NHWC";
    const all = { pad, dataFormat, ...attributes } as unknown as tf.NamedAttrMap;
    return tf.engine().runKernel(name, inputs, all) as tf.Tensor4D;
  }

  /**
   * `product` for each group. `groupAxes` are the axes of the two operands along which the groups lie,
   * `joined` that of the result.
   */
  function override(
    product: Product,
    groupAxes: readonly [number, number],
    joined: number,
  ): OpOverride {
    return {
      accepts: (layouts, dtypes, attrs) =>
        dtypes.every((dtype) => dtype === "float32") && fits(layouts, attrs as ConvAttrs),
      run: ([a, b], [out], attrs) => {
        if (a === undefined || b === undefined || out === undefined || out.layout.size === 0)
          return;
        const { groups } = attrs as ConvAttrs;
        const geometry = geometryOf(attrs as ConvAttrs);
        runtime.run(() => {
          const parts = Array.from({ length: groups }, (_, g) =>
            product(
              images(group(a, groupAxes[0], g, groups)),
              images(group(b, groupAxes[1], g, groups)),
              geometry,
            ),
          );
          store(
            ops,
            memory,
            out,
            parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, joined),
          );
        });
      },
    };
  }

  /** An operand as a tensor with two spatial axes. */
  function images({ buffer, layout: { shape, strides }, offset }: Operand): tf.Tensor4D {
    const view = { base: offset, extents: shape, steps: strides };
    const elements = readView(runtime, memory.tensor(buffer), view);
    const whole = stretch(runtime, elements, shape);
    const [n = 1, c = 1, ...spatial] = shape;
    return tf.reshape(whole, [n, c, ...flat(spatial, 1)]);
  }
}

/** A number for each of the two spatial axes. */
function pair(of: (d: number) => number): [number, number] {
  return [of(0), of(1)];
}

/** Two numbers for the spatial axes, of which there may be one. */
function flat(numbers: readonly number[], missing: number): [number, number] {
  const [first = missing, second] = numbers;
  return second === undefined ? [missing, first] : [first, second];
}

function geometryOf({ axes, extents }: ConvAttrs): Geometry {
  return {
    strides: flat(
      axes.map(({ stride }) => stride),
      1,
    ),
    dilations: flat(
      axes.map(({ dilation }) => dilation),
      1,
    ),
    before: flat(
      axes.map(({ before }) => before),
      0,
    ),
    after: flat(
      axes.map(({ after }) => after),
      0,
    ),
    extents: flat(extents, 1),
  };
}

/** Whether TensorFlow.js has this convolution and its gradients. */
function fits(layouts: readonly Layout[], { axes }: ConvAttrs): boolean {
  const isPlain =
    axes.every(({ stride }) => stride === 1) || axes.every(({ dilation }) => dilation === 1);
  return axes.length <= 2 && isPlain && layouts.every(({ size }) => size > 0);
}

/** The channels of group `g` of an operand. */
function group(operand: Operand, axis: number, g: number, groups: number): Operand {
  if (groups === 1) return operand;
  const { shape, strides } = operand.layout;
  const count = (shape[axis] ?? 0) / groups;
  return {
    ...operand,
    layout: layout(
      shape.map((n, d) => (d === axis ? count : n)),
      strides,
    ),
    offset: operand.offset + g * count * (strides[axis] ?? 0),
  };
}
