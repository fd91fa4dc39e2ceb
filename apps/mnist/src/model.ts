import {
  Conv2d,
  Flatten,
  Linear,
  MaxPool2d,
  Module,
  ReLU,
  Sequential,
  type Tensor,
} from "chainrule";

/** The networks that can be chosen by name. */
export const modelNames = ["mlp", "cnn"] as const;
export type ModelName = (typeof modelNames)[number];

/** How many epochs each is trained for unless something else is asked. */
export const defaultEpochs: Readonly<Record<ModelName, number>> = { mlp: 4, cnn: 2 };

/** Gives images [batch, height, width] the axis of channels that convolutions expect. */
class OneChannel extends Module {
  forward(images: Tensor): Tensor {
    return images.expandDims(1);
  }
}

// Each takes images [batch, 28, 28] and gives logits [batch, 10].
const makers: Readonly<Record<ModelName, () => Module>> = {
  mlp: () =>
    new Sequential(
      new Flatten(),
      new Linear(28 * 28, 128),
      new ReLU(),
      new Linear(128, 64),
      new ReLU(),
      new Linear(64, 10),
    ),
  cnn: () =>
    new Sequential(
      new OneChannel(),
      new Conv2d(1, 8, 5), // [8, 24, 24]
      new ReLU(),
      new MaxPool2d(2), // [8, 12, 12]
      new Conv2d(8, 16, 5), // [16, 8, 8]
      new ReLU(),
      new MaxPool2d(2), // [16, 4, 4]
      new Flatten(),
      new Linear(16 * 4 * 4, 128),
      new ReLU(),
      new Linear(128, 10),
    ),
};

/** Makes the network called `name`, with weights drawn from the default generator. */
export function createModel(name: ModelName): Module {
  return makers[name]();
}
