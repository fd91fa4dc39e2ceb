// The arrays of a convolution as matrices, one for each group of channels.

import type { ConvAttrs, WindowAxis } from "@chainrule/core";
import type { Operand } from "@chainrule/kernel";
import { addresses } from "../addresses.js";
import { floatsOf, type Matrix } from "../multiply.js";

/** The extents of a convolution: C and O count the channels of one group. */
export interface Extents {
  readonly axes: readonly WindowAxis[];
  readonly groups: number;
  /** N, C and O. */
  readonly batch: number;
  readonly inChannels: number;
  readonly outChannels: number;
  /** K and Y. */
  readonly taps: readonly number[];
  readonly windows: readonly number[];
}

/** Read off the weight [G · O, C, ...K] and the result [N, G · O, ...Y]. */
export function extentsOf(weight: Operand, y: Operand, { axes, groups }: ConvAttrs): Extents {
  const [batch = 0, , ...windows] = y.layout.shape;
  const [outAll = 0, inChannels = 0, ...taps] = weight.layout.shape;
  return { axes, groups, batch, inChannels, outChannels: outAll / groups, taps, windows };
}

/** Rows (n, y), columns (c, k): each row a window of x [N, G · C, ...S], which holds all windows. */
export function windowMatrix(of: Extents, x: Operand, group: number): Matrix {
  const [batch = 0, channel = 0, ...along] = x.layout.strides;
  const step = of.axes.map(({ stride }, d) => stride * (along[d] ?? 0));
  const tap = of.axes.map(({ dilation }, d) => dilation * (along[d] ?? 0));
  return {
    data: floatsOf(x),
    offset: x.offset + group * of.inChannels * channel,
    rows: addresses([of.batch, ...of.windows], [batch, ...step]),
    columns: addresses([of.inChannels, ...of.taps], [channel, ...tap]),
  };
}

/** Rows o, columns (c, k) of the weight. */
export function weightMatrix(of: Extents, weight: Operand, group: number): Matrix {
  const [out = 0, ...inner] = weight.layout.strides;
  return {
    data: floatsOf(weight),
    offset: weight.offset + group * of.outChannels * out,
    rows: addresses([of.outChannels], [out]),
    columns: addresses([of.inChannels, ...of.taps], inner),
  };
}

/** Rows o, columns (n, y) of the result. */
export function resultMatrix(of: Extents, y: Operand, group: number): Matrix {
  const [batch = 0, channel = 0, ...along] = y.layout.strides;
  return {
    data: floatsOf(y),
    offset: y.offset + group * of.outChannels * channel,
    rows: addresses([of.outChannels], [channel]),
    columns: addresses([of.batch, ...of.windows], [batch, ...along]),
  };
}

export function transposed({ data, offset, rows, columns }: Matrix): Matrix {
  return { data, offset, rows: columns, columns: rows };
}
