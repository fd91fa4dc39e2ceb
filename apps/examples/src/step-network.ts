// Networks of step units with weights set by hand: nothing is learned, everything can be checked.
//
// A unit sees a constant 1 in front of its inputs, so that its bias is one more weight: row j of Θ is
// [bias, w₁, w₂, …] of unit j. It is 1 where Θ [1, x] ≥ 0 and 0 elsewhere. The first layer asks one
// question per unit ("which side of this line?"), the next one combines the answers.

import { concat, ones, type Tensor, tensor } from "chainrule";
import type { Example } from "./example.js";
import { table } from "./table.js";

/** The weights of each layer, one row [bias, w₁, w₂, …] per unit. */
type Network = readonly (readonly (readonly number[])[])[];

const or: Network = [[[-1, 1, 1]]];
const nor: Network = [[[0, -1, -1]]];
// AND and NOR; XNOR is one or the other.
const xnor: Network = [
  [
    [-2, 1, 1],
    [0, -1, -1],
  ],
  [[-1, 1, 1]],
];
// x ≥ 2, x ≤ 9, y ≥ 1, y ≤ 4, and a unit that wants all four.
const rectangle: Network = [
  [
    [-2, 1, 0],
    [9, -1, 0],
    [-1, 0, 1],
    [4, 0, -1],
  ],
  [[-4, 1, 1, 1, 1]],
];
// Three units on three inputs, and one unit on those.
const lecture: Network = [
  [
    [1, 0, 0, 1],
    [0, -1, 1, 0],
    [2, 0, 1, 1],
  ],
  [[0, 1, 1, 0]],
];

/** A layer's sums z = Θ [1, a] and outputs a = step(z), for each example. */
interface Layer {
  readonly z: Tensor;
  readonly a: Tensor;
}

/** What every layer makes of the examples, one per row. */
function forward(network: Network, examples: readonly (readonly number[])[]): Layer[] {
  let a = tensor(examples);
  return network.map((theta) => {
    const withBias = concat([ones([examples.length, 1]), a], 1);
    const z = withBias.matmul(tensor(theta).T);
    a = z.step();
    return { z, a };
  });
}

/** What the last layer says about each example: 0 or 1. */
const answers = (network: Network, examples: readonly (readonly number[])[]): number[] => [
  ...(forward(network, examples).at(-1)?.a.dataSync() ?? []),
];

export interface StepFindings {
  /** The answers for 00, 01, 10, 11. */
  readonly gates: Readonly<Record<"OR" | "NOR" | "XNOR", string>>;
  /** z and a of the layers of the lecture's network at x = (0, 2, 1). */
  readonly lecture: readonly { readonly z: number[]; readonly a: number[] }[];
  /** Whole coordinates, and whether the network says that they are inside the rectangle. */
  readonly points: readonly { readonly x: number; readonly y: number; readonly inside: boolean }[];
}

function run(): StepFindings {
  const corners = [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ];
  const outputs = (network: Network): string => answers(network, corners).join("");
  const points = Array.from({ length: 72 }, (_, i) => [i % 12, Math.floor(i / 12)] as const);
  const inside = answers(rectangle, points);
  return {
    gates: { OR: outputs(or), NOR: outputs(nor), XNOR: outputs(xnor) },
    lecture: forward(lecture, [[0, 2, 1]]).map(({ z, a }) => ({
      z: [...z.dataSync()],
      a: [...a.dataSync()],
    })),
    points: points.map(([x, y], i) => ({ x, y, inside: inside[i] === 1 })),
  };
}

function report({ gates, lecture, points }: StepFindings): string {
  const rows = Object.entries(gates).map(([name, outputs]) => [name, [...outputs].join("  ")]);
  const layers = lecture.map(({ z, a }, k) => `layer ${k + 1}: z = [${z}], a = [${a}]`);
  const picture = [5, 4, 3, 2, 1, 0].map((row) =>
    points.flatMap(({ y, inside }) => (y === row ? [inside ? "#" : "."] : [])).join(" "),
  );
  return [
    table(["gate", "00 01 10 11"], rows),
    "\nThe network of the lecture at x = (0, 2, 1)",
    ...layers,
    "\nFive units that say 1 exactly where 2 ≤ x ≤ 9 and 1 ≤ y ≤ 4",
    ...picture,
  ].join("\n");
}

function holds({ gates, lecture, points }: StepFindings): boolean {
  return (
    [gates.OR, gates.NOR, gates.XNOR].join() === "0111,1000,1001" &&
    lecture.at(-1)?.a.join() === "1" &&
    points.every(({ x, y, inside }) => inside === (x >= 2 && x <= 9 && y >= 1 && y <= 4))
  );
}

export const example: Example<StepFindings> = { run, report, holds };
