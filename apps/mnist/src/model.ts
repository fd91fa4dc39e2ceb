import { Flatten, Linear, type Module, ReLU, Sequential } from "chainrule";

/** The networks that can be chosen by name. */
export const modelNames = ["mlp"] as const;
export type ModelName = (typeof modelNames)[number];

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
};

/** Makes the network called `name`, with weights drawn from the default generator. */
export function createModel(name: ModelName): Module {
  return makers[name]();
}
