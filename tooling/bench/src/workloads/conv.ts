// A convolution in its three directions: the shapes of W3, and a strided one.

import { seeded, uniform } from "../arrays.js";
import type { Call } from "../task.js";
import type { Workload } from "../workload.js";

/** One convolution; windows and images are square. */
interface Shape {
  readonly name: string;
  readonly batch: number;
  readonly size: number;
  readonly channels: readonly [number, number];
  readonly window: number;
  readonly stride: number;
}

const shapes: readonly Shape[] = [
  { name: "1-8", batch: 64, size: 28, channels: [1, 8], window: 5, stride: 1 },
  { name: "8-16", batch: 64, size: 12, channels: [8, 16], window: 5, stride: 1 },
  { name: "16-32", batch: 32, size: 15, channels: [16, 32], window: 3, stride: 2 },
];

const directions = ["conv", "convInputGradient", "convWeightGradient"] as const;

export const conv: readonly Workload[] = shapes.flatMap((shape) =>
  directions.map((direction) => workload(shape, direction)),
);

function workload(shape: Shape, direction: (typeof directions)[number]): Workload {
  const { name, batch, size, window, stride } = shape;
  const [inChannels, outChannels] = shape.channels;
  const out = Math.floor((size - window) / stride) + 1;
  const of = `${inChannels}→${outChannels}, ${size}×${size}, ${window}×${window}, stride ${stride}, batch ${batch}`;
  return {
    id: `conv/${name}/${direction}`,
    title: `${direction} of ${of}`,
    unit: "GFLOP/s",
    perRun: (2 * batch * outChannels * out ** 2 * inChannels * window ** 2) / 1e9,
    task: (): Call => {
      const random = seeded(3);
      const inputs = [
        [batch, inChannels, size, size],
        [outChannels, inChannels, window, window],
        [batch, outChannels, out, out],
      ].map((each) => uniform(random, each, -0.5, 0.5));
      return { kind: "call", function: direction, inputs, stride };
    },
  };
}
