// Every public name of @chainrule/data. Reading from disk is in @chainrule/data/node.

// Data sets
export { type Collated, collate, type Field } from "./collate.js";
// Batches
export { DataLoader, type DataLoaderOptions } from "./data-loader.js";
export {
  type BatchOptions,
  type Dataset,
  randomSplit,
  subset,
  TensorDataset,
  type TensorRow,
} from "./dataset.js";
// Files
export { gunzip, isGzip } from "./gunzip.js";
export type { Column, HostArray } from "./host-array.js";
export { readIdx } from "./idx.js";
export {
  type LabelledImages,
  type Mnist,
  type MnistReadOptions,
  type MnistSource,
  type MnistSplit,
  type MnistUrlOptions,
  mnist,
  readMnist,
} from "./mnist.js";
// Preparation
export { type StandardizeOptions, Standardizer, standardize } from "./standardize.js";

// Toys
export { circles } from "./toy/circles.js";
export { gaussians } from "./toy/gaussians.js";
export { moons } from "./toy/moons.js";
export { spirals } from "./toy/spirals.js";
export type { ClassedPointsOptions, LabelledPoints, PointsOptions } from "./toy/toy.js";
export { type TruthTable, xnor, xor } from "./toy/xor.js";
