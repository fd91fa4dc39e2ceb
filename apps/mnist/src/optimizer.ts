import { Adam, type Module, SGD } from "chainrule";

/** The optimizers that can be chosen by name. */
export const optimizerNames = ["adam", "sgd"] as const;
export type OptimizerName = (typeof optimizerNames)[number];

/** The learning rate of each when none is given. */
export const defaultLr: Readonly<Record<OptimizerName, number>> = { adam: 0.001, sgd: 0.01 };

/** Any of them. */
export type AnyOptimizer = Adam | SGD;

/** Makes the optimizer called `name` for all weights of `model`. */
export function createOptimizer(name: OptimizerName, model: Module, lr: number): AnyOptimizer {
  switch (name) {
    case "adam":
      return new Adam(model.parameters(), { lr });
    case "sgd":
      return new SGD(model.parameters(), { lr, momentum: 0.9 });
    default:
      return name satisfies never;
  }
}
