// The first five steps of every optimizer against PyTorch 1.13, gradients given:
//
//   p = torch.tensor([1.0, -2.0, 0.5], dtype=torch.float64, requires_grad=True)
//   optimizer = torch.optim.SGD([p], lr=0.1)            # and so on, with the options of the title
//   for g in gradients: p.grad = torch.tensor(g, dtype=torch.float64); optimizer.step()

import { setBackend, type Tensor, tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, describe, expect, it } from "vitest";
import { Adam, AdamW, SGD } from "./index.js";

beforeAll(() => {
  setBackend(interpreter());
});

const gradients = [
  [0.5, -1, 2],
  [-0.25, 0.75, 0],
  [1.5, -0.5, -3],
  [0, 0.125, 0.5],
  [-1, 2, 1e-4],
];

interface Trajectory {
  readonly title: string;
  readonly make: (params: Tensor[]) => { step(): void };
  /** The parameters after each step. */
  readonly path: readonly (readonly [number, number, number])[];
}

const trajectories: readonly Trajectory[] = [
  {
    title: "SGD { lr: 0.1 }",
    make: (params) => new SGD(params, { lr: 0.1 }),
    path: [
      [0.95, -1.9, 0.3],
      [0.975, -1.9749999999999999, 0.3],
      [0.825, -1.9249999999999998, 0.6],
      [0.825, -1.9374999999999998, 0.5499999999999999],
      [0.9249999999999999, -2.1374999999999997, 0.54999],
    ],
  },
  {
    title: "SGD { lr: 0.1, weightDecay: 0.1 }",
    make: (params) => new SGD(params, { lr: 0.1, weightDecay: 0.1 }),
    path: [
      [0.94, -1.88, 0.295],
      [0.9555999999999999, -1.9362, 0.29205],
      [0.7960439999999999, -1.866838, 0.5891295],
      [0.7880835599999999, -1.86066962, 0.533238205],
      [0.8802027243999999, -2.0420629238, 0.5278958229499999],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.9 }",
    make: (params) => new SGD(params, { lr: 0.1, momentum: 0.9 }),
    path: [
      [0.95, -1.9, 0.3],
      [0.9299999999999999, -1.885, 0.11999999999999997],
      [0.7619999999999999, -1.8215, 0.25799999999999995],
      [0.6107999999999999, -1.7768499999999998, 0.33219999999999994],
      [0.5747199999999999, -1.9366649999999999, 0.39896999999999994],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.9, dampening: 0.5 }",
    make: (params) => new SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.5 }),
    path: [
      [0.95, -1.9, 0.3],
      [0.9175, -1.8475, 0.11999999999999997],
      [0.81325, -1.77525, 0.10799999999999996],
      [0.719425, -1.716475, 0.07219999999999994],
      [0.6849824999999999, -1.7635775, 0.039974999999999934],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.9, dampening: 0.3 }",
    make: (params) => new SGD(params, { lr: 0.1, momentum: 0.9, dampening: 0.3 }),
    path: [
      [0.95, -1.9, 0.3],
      [0.9225, -1.8624999999999998, 0.11999999999999997],
      [0.79275, -1.7937499999999997, 0.16799999999999995],
      [0.675975, -1.7406249999999996, 0.17619999999999994],
      [0.6408775, -1.8328124999999997, 0.18357299999999993],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.9, nesterov: true }",
    make: (params) => new SGD(params, { lr: 0.1, momentum: 0.9, nesterov: true }),
    path: [
      [0.905, -1.81, 0.12],
      [0.912, -1.8715000000000002, -0.04200000000000002],
      [0.6108, -1.76435, 0.3822],
      [0.47472, -1.7366650000000001, 0.39898],
      [0.542248, -2.0804985, 0.459063],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.9, weightDecay: 0.1, nesterov: true }",
    make: (params) => new SGD(params, { lr: 0.1, momentum: 0.9, weightDecay: 0.1, nesterov: true }),
    path: [
      [0.886, -1.772, 0.11050000000000001],
      [0.868066, -1.783632, -0.05764949999999999],
      [0.535906146, -1.613659792, 0.3631057905],
      [0.36959265462599994, -1.514827956752, 0.36936769643050005],
      [0.4077114072655059, -1.780370511978512, 0.41623437765027055],
    ],
  },
  {
    title: "SGD { lr: 0.1, momentum: 0.8, dampening: 0.25, weightDecay: 0.1 }",
    make: (params) =>
      new SGD(params, { lr: 0.1, momentum: 0.8, dampening: 0.25, weightDecay: 0.1 }),
    path: [
      [0.94, -1.88, 0.295],
      [0.9037, -1.82615, 0.1287875],
      [0.7553822499999999, -1.731873875, 0.21985159375000002],
      [0.6310626831249999, -1.6528389209375, 0.25355398179687505],
      [0.6018740595015624, -1.7272146657804688, 0.2786067373708985],
    ],
  },
  {
    title: "Adam { }",
    make: (params) => new Adam(params, {}),
    path: [
      [0.99900000002, -1.9990000000099999, 0.499000000005],
      [0.9987336629870784, -1.9989106750036052, 0.4983299417556027],
      [0.998063162429161, -1.9986091551152354, 0.4985745185027215],
      [0.9975139291717243, -1.9984170183599992, 0.4986930714266387],
      [0.9974095720736482, -1.998778320262879, 0.4987932606754621],
    ],
  },
  {
    title: "Adam { lr: 0.1, betas: [0.8, 0.9], eps: 0.001 }",
    make: (params) => new Adam(params, { lr: 0.1, betas: [0.8, 0.9], eps: 0.001 }),
    path: [
      [0.9001996007984032, -1.9000999000999002, 0.40004997501249373],
      [0.8788317124843957, -1.8969373920828585, 0.3355205738905097],
      [0.8098982652303067, -1.8678645729644423, 0.3686739876304229],
      [0.755783081537239, -1.8517351624447582, 0.38506021914826355],
      [0.754512335532417, -1.8976447755175385, 0.3982986434538257],
    ],
  },
  {
    title: "Adam { lr: 0.1, weightDecay: 0.1 }",
    make: (params) => new Adam(params, { lr: 0.1, weightDecay: 0.1 }),
    path: [
      [0.9000000016666666, -1.9000000008333333, 0.4000000004878049],
      [0.8544413674617625, -1.870767278976266, 0.33155451600233893],
      [0.7821194045854705, -1.8212717660268998, 0.3540636964063718],
      [0.7202719302173822, -1.7785314651877162, 0.36376089829401514],
      [0.7004771311450626, -1.7978832396291962, 0.37141041021608623],
    ],
  },
  {
    title: "Adam { lr: 0.1, betas: [0.0, 0.0] }",
    make: (params) => new Adam(params, { lr: 0.1, betas: [0.0, 0.0] }),
    path: [
      [0.900000002, -1.900000001, 0.4000000005],
      [0.9999999980000002, -1.9999999996666666, 0.4000000005],
      [0.8999999986666668, -1.9000000016666667, 0.5000000001666667],
      [0.8999999986666668, -1.9999999936666675, 0.40000000216666665],
      [0.9999999976666668, -2.0999999931666675, 0.3000100011667666],
    ],
  },
  {
    title: "AdamW { }",
    make: (params) => new AdamW(params, {}),
    path: [
      [0.99899000002, -1.99898000001, 0.498995000005],
      [0.9987136730870784, -1.9988706852036053, 0.4983199518056027],
      [0.9980331853924301, -1.9985491766083836, 0.49855954535320346],
      [0.9974739718031396, -1.9983370543613814, 0.49867311268166714],
      [0.9973596399653455, -1.9986783728937179, 0.4987683151993637],
    ],
  },
  {
    title: "AdamW { lr: 0.1, weightDecay: 0.1 }",
    make: (params) => new AdamW(params, { lr: 0.1, weightDecay: 0.1 }),
    path: [
      [0.890000002, -1.880000001, 0.3950000005],
      [0.8544662986878463, -1.8522675003505356, 0.32404417555526743],
      [0.778871579909233, -1.8035928365100533, 0.34526140851159587],
      [0.7161595383664713, -1.7663432326213273, 0.3536640868182008],
      [0.6985622331751915, -1.7848099905831112, 0.36014637083235823],
    ],
  },
  {
    title: "AdamW { lr: 0.1, betas: [0.8, 0.9], weightDecay: 0 }",
    make: (params) => new AdamW(params, { lr: 0.1, betas: [0.8, 0.9], weightDecay: 0 }),
    path: [
      [0.900000002, -1.900000001, 0.4000000005],
      [0.8785771829868195, -1.896833888390661, 0.3354237203240888],
      [0.8095720914395153, -1.8677228275977087, 0.36859273382142077],
      [0.7553901224390753, -1.851568362637518, 0.38498801861932974],
      [0.754117899654275, -1.897518396290185, 0.3982348560641611],
    ],
  },
];

// float32: each of at most 15 operations on numbers below 4 rounds by at most 2^-24 of them, and
// five steps add up: 5 · 15 · 4 · 2^-24 = 2e-5 at the very worst, 1e-6 in fact.
// float64: the same with 2^-53, and 1e-13 from the bias correction, which PyTorch computes as the
// difference 1 - βᵗ.
describe.each([
  { dtype: "float32", tolerance: 1e-6 },
  { dtype: "float64", tolerance: 1e-12 },
] as const)("in $dtype", ({ dtype, tolerance }) => {
  it.each(trajectories)("$title follows PyTorch", ({ make, path }) => {
    const param = tensor([1, -2, 0.5], { dtype, requiresGrad: true });
    const optimizer = make([param]);
    path.forEach((expected, index) => {
      param.grad = tensor(gradients[index] ?? [], { dtype });
      optimizer.step();
      Array.from(param.dataSync(), Number).forEach((value, i) => {
        expect(Math.abs(value - (expected[i] ?? Number.NaN))).toBeLessThan(tolerance);
      });
    });
  });
});
