import { ensureTensor } from "../../engine/apply.js";
import { formatShape, formatValue, ShapeError, ValueError } from "../../errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { broadcastTo } from "./broadcast-to.js";
import { reshape } from "./reshape.js";

/** In which order {@link meshgrid} numbers its axes. */
export interface MeshgridOptions {
  /** Whether the first tensor varies along axis 1 and the second along axis 0, or in order. Default "xy". */
  readonly indexing?: "xy" | "ij" | undefined;
}

/**
 * The coordinates of a grid: one tensor per line of coordinates, each varying along an axis of its
 * own. Views.
 *
 * Shapes: n lines give n tensors of n axes; axis i has the extent of line i, the first two axes
 * exchanged with "xy". Throws: ShapeError for tensors of more or fewer axes than 1.
 *
 * @example
 * meshgrid([tensor([1, 2, 3]), tensor([4, 5])]) // => [[[1, 2, 3], [1, 2, 3]], [[4, 4, 4], [5, 5, 5]]]
 * meshgrid([tensor([1, 2]), tensor([4, 5])], { indexing: "ij" })[0] // => [[1, 1], [2, 2]]
 */
export function meshgrid<T extends readonly Tensor[]>(
  tensors: readonly [...T],
  options: MeshgridOptions = {},
): T {
  const { indexing = "xy" } = options;
  if (indexing !== "xy" && indexing !== "ij") {
    throw new ValueError("meshgrid", "indexing must be one of its values", {
      expected: '"xy" or "ij"',
      got: formatValue(indexing),
    });
  }
  if (!Array.isArray(tensors)) {
    throw new ValueError("meshgrid", "lines come in one list", {
      expected: "an array of tensors",
      got: formatValue(tensors),
      fix: "Call meshgrid([x, y]).",
    });
  }
  for (const each of tensors) {
    ensureTensor("meshgrid", each);
    if (each.ndim === 1) continue;
    throw new ShapeError("meshgrid", "coordinates must be lines", {
      expected: "tensors of 1 axis",
      got: formatShape(each.shape),
      fix: "Make lines of them with flatten.",
    });
  }
  const swapped = indexing === "xy" && tensors.length > 1;
  const axes = tensors.map((_, i) => (swapped && i < 2 ? 1 - i : i));
  const shape = axes.map((i) => tensors[i]?.size ?? 1);
  const grids = tensors.map((each, i) => {
    const own = shape.map((n, axis) => (axis === axes[i] ? n : 1));
    return broadcastTo(reshape(each, own), shape);
  });
  return grids as readonly Tensor[] as T;
}
