// What the input of layers over channels and spatial axes must be.

import { ensureTensor, formatShape, ShapeError, type Tensor } from "@chainrule/core";

const spatialNames = [[], ["L"], ["H", "W"], ["D", "H", "W"]] as const;

/** A number of spatial axes, 0 to 3. */
export type SpatialAxes = 0 | 1 | 2 | 3;

/**
 * Throws: {@link ShapeError} unless `x` is [N, channels, ...] with one of the numbers `spatial` of
 * spatial axes; `channels` null takes any.
 */
export function ensureChannels(
  op: string,
  x: Tensor,
  channels: number | null,
  ...spatial: readonly SpatialAxes[]
): void {
  ensureTensor(op, x);
  const { shape } = x;
  const fits = spatial.some((axes) => shape.length === axes + 2);
  if (fits && (channels === null || shape[1] === channels)) return;
  const wanted = spatial.map((axes) => ["N", channels ?? "C", ...spatialNames[axes]].join(", "));
  throw new ShapeError(op, "the input has examples, channels and spatial axes, in this order", {
    expected: `[${wanted.join("] or [")}]`,
    got: formatShape(shape),
    fix: fits ? channelFix(shape, channels) : axisFix(shape, channels, spatial),
  });
}

/** The rank is right, the channels are not. */
function channelFix(shape: readonly number[], channels: number | null): string {
  const last = shape.length - 1;
  if (last > 1 && shape[last] === channels) return "Put the channels second: x.moveaxis(-1, 1).";
  return `Make the layer for ${shape[1]} channels.`;
}

/** The rank is wrong. */
function axisFix(
  shape: readonly number[],
  channels: number | null,
  spatial: readonly SpatialAxes[],
): string {
  const missesOne = spatial.some((axes) => shape.length === axes + 1);
  if (missesOne && (channels === null || shape[0] === channels)) {
    return "Add the axis of examples: x.expandDims(0).";
  }
  if (missesOne && channels === 1) return "Add the axis of channels: x.expandDims(1).";
  return "Reshape the input.";
}
