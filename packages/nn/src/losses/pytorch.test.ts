// Values and gradients of all losses against PyTorch 1.13 in float64. The call is the title;
// gradients are torch.autograd.grad(loss.sum(), input).

import { setBackend, type Tensor, tensor } from "@chainrule/core";
import { interpreter } from "@chainrule/core/interpreter";
import { beforeAll, expect, it } from "vitest";
import { bce, bceWithLogits, crossEntropy, mse, nll } from "../index.js";
import { expectClose, type Numbers } from "../testing.js";

beforeAll(() => {
  setBackend(interpreter());
});

const x = [
  [1, -2, 0.5],
  [0.25, 3, -1],
];
const p = [0.9, 0.2, 0.5, 0, 1, 1];
const hard = [1, 0, 0.25, 1, 0, 1];
const l = [0, 2, -3, 50, -200, 20];
const soft = [1, 0, 0.25, 0, 1, 1];
const w6 = [1, 2, 0.5, 1, 1, 3];
const z = [
  [1, -2, 0.5],
  [0.25, 3, -1],
  [-0.5, 0.75, 2],
  [4, 0, -4],
] as const;
const c = [2, 1, 0, 2];
const some = [2, -100, 0, -100];
const w = [1, 0.5, 2];
const s = [
  [0.1, 0.2, 0.7],
  [0, 1, 0],
  [0.5, 0.25, 0.25],
  [0.3, 0.3, 0.3],
] as const;
const z3 = [
  [
    [1, 0.5],
    [-2, 0],
    [0.5, 2],
  ],
  [
    [0.25, -1],
    [3, 1],
    [-1, 0],
  ],
];
const c3 = [
  [0, 2],
  [1, 1],
];
const huge = [
  [1000, 0],
  [1000, 0],
];

const other = (): Tensor =>
  tensor([
    [0.5, -1, 0],
    [1, 2, -1.5],
  ]);
const int = (data: number | number[] | number[][]): Tensor => tensor(data, { dtype: "int32" });

type Case = [
  torch: string,
  input: Numbers,
  loss: (x: Tensor) => Tensor,
  value: Numbers,
  gradient: Numbers,
];

// biome-ignore format: a table
const cases: readonly Case[] = [
  ['F.mse_loss(x, other, reduction="mean")',
    x, (x) => mse(x, other(), { reduction: "mean" }),
    0.552083333,
    [[0.166666667, -0.333333333, 0.166666667], [-0.25, 0.333333333, 0.166666667]]],
  ['F.mse_loss(x, other, reduction="sum")',
    x, (x) => mse(x, other(), { reduction: "sum" }),
    3.3125,
    [[1, -2, 1], [-1.5, 2, 1]]],
  ['F.mse_loss(x, other, reduction="none")',
    x, (x) => mse(x, other(), { reduction: "none" }),
    [[0.25, 1, 0.25], [0.5625, 1, 0.25]],
    [[1, -2, 1], [-1.5, 2, 1]]],
  ['F.binary_cross_entropy(p, hard, reduction="mean")',
    p, (x) => bce(x, tensor(hard), { reduction: "mean" }),
    33.5036085,
    [-0.185185185, 0.208333333, 0.166666667, -166666667000, 166666667000, 0]],
  ['F.binary_cross_entropy(p, hard, reduction="sum")',
    p, (x) => bce(x, tensor(hard), { reduction: "sum" }),
    201.021651,
    [-1.11111111, 1.25, 1, -1000000000000, 1000000000000, 0]],
  ['F.binary_cross_entropy(p, hard, reduction="none")',
    p, (x) => bce(x, tensor(hard), { reduction: "none" }),
    [0.105360516, 0.223143551, Math.LN2, 100, 100, 0],
    [-1.11111111, 1.25, 1, -1000000000000, 1000000000000, 0]],
  ['F.binary_cross_entropy(p, hard, weight=w6)',
    p, (x) => bce(x, tensor(hard), { weight: tensor(w6) }),
    33.4830369,
    [-0.185185185, 0.416666667, 0.0833333333, -166666667000, 166666667000, 0]],
  ['F.binary_cross_entropy_with_logits(l, soft, reduction="mean")',
    l, (x) => bceWithLogits(x, tensor(soft), { reduction: "mean" }),
    42.2697771,
    [-0.0833333333, 0.146799513, -0.0337623545, 0.166666667, -0.166666667, -3.43525615e-10]],
  ['F.binary_cross_entropy_with_logits(l, soft, reduction="sum")',
    l, (x) => bceWithLogits(x, tensor(soft), { reduction: "sum" }),
    253.618663,
    [-0.5, 0.880797078, -0.202574127, 1, -1, -2.06115369e-09]],
  ['F.binary_cross_entropy_with_logits(l, soft, reduction="none")',
    l, (x) => bceWithLogits(x, tensor(soft), { reduction: "none" }),
    [Math.LN2, 2.12692801, 0.798587352, 50, 200, 2.06115369e-09],
    [-0.5, 0.880797078, -0.202574127, 1, -1, -2.06115369e-09]],
  ['F.binary_cross_entropy_with_logits(l, soft, weight=w6, pos_weight=3)',
    l, (x) => bceWithLogits(x, tensor(soft), { weight: tensor(w6), posWeight: tensor(3) }),
    109.582456,
    [-0.25, 0.293599026, -0.0565717659, 0.166666667, -0.5, -3.09173043e-09]],
  ['F.nll_loss(z, c, reduction="mean")',
    z, (x) => nll(x, int(c), { reduction: "mean" }),
    0.25,
    [[0, 0, -0.25], [0, -0.25, 0], [-0.25, 0, 0], [0, 0, -0.25]]],
  ['F.nll_loss(z, c, reduction="sum")',
    z, (x) => nll(x, int(c), { reduction: "sum" }),
    1,
    [[0, 0, -1], [0, -1, 0], [-1, 0, 0], [0, 0, -1]]],
  ['F.nll_loss(z, c, reduction="none")',
    z, (x) => nll(x, int(c), { reduction: "none" }),
    [-0.5, -3, 0.5, 4],
    [[0, 0, -1], [0, -1, 0], [-1, 0, 0], [0, 0, -1]]],
  ['F.nll_loss(z, c, weight=w)',
    z, (x) => nll(x, int(c), { weight: tensor(w) }),
    1.09090909,
    [[0, 0, -0.363636364], [0, -0.0909090909, 0], [-0.181818182, 0, 0], [0, 0, -0.363636364]]],
  ['F.nll_loss(z, some, weight=w)',
    z, (x) => nll(x, int(some), { weight: tensor(w) }),
    -0.166666667,
    [[0, 0, -0.666666667], [0, 0, 0], [-0.333333333, 0, 0], [0, 0, 0]]],
  ['F.nll_loss(z, some, weight=w, reduction="none")',
    z, (x) => nll(x, int(some), { weight: tensor(w), reduction: "none" }),
    [-1, 0, 0.5, 0],
    [[0, 0, -2], [0, 0, 0], [-1, 0, 0], [0, 0, 0]]],
  ['F.cross_entropy(z, c, reduction="mean")',
    z, (x) => crossEntropy(x, int(c), { reduction: "mean" }),
    2.97897332,
    [[0.150937224, 0.00751472189, -0.158451946], [0.0147674394, -0.0189983816, 0.00423094222], [-0.235005551, 0.0523357689, 0.182669782], [0.245422598, 0.00449507168, -0.24991767]]],
  ['F.cross_entropy(z, c, reduction="sum")',
    z, (x) => crossEntropy(x, int(c), { reduction: "sum" }),
    11.9158933,
    [[0.603748896, 0.0300588876, -0.633807784], [0.0590697576, -0.0759935265, 0.0169237689], [-0.940022205, 0.209343075, 0.730679129], [0.981690393, 0.0179802867, -0.99967068]]],
  ['F.cross_entropy(z, c, reduction="none")',
    z, (x) => crossEntropy(x, int(c), { reduction: "none" }),
    [1.0045969, 0.0790362014, 2.81378086, 8.0184793],
    [[0.603748896, 0.0300588876, -0.633807784], [0.0590697576, -0.0759935265, 0.0169237689], [-0.940022205, 0.209343075, 0.730679129], [0.981690393, 0.0179802867, -0.99967068]]],
  ['F.cross_entropy(z, c, weight=w)',
    z, (x) => crossEntropy(x, int(c), { weight: tensor(w) }),
    3.79990025,
    [[0.219545053, 0.0109305046, -0.230475558], [0.00536997796, -0.00690850241, 0.00153852445], [-0.170913128, 0.0380623774, 0.132850751], [0.356978325, 0.00653828609, -0.363516611]]],
  ['F.cross_entropy(z, c, ignore_index=1)',
    z, (x) => crossEntropy(x, int(c), { ignoreIndex: 1 }),
    3.94561902,
    [[0.201249632, 0.0100196292, -0.211269261], [0, 0, 0], [-0.313340735, 0.0697810252, 0.24355971], [0.327230131, 0.00599342891, -0.33322356]]],
  ['F.cross_entropy(z, c, label_smoothing=0.1)',
    z, (x) => crossEntropy(x, int(c), { labelSmoothing: 0.1 }),
    2.92063998,
    [[0.142603891, -0.000818611441, -0.141785279], [0.00643410606, -0.00233171496, -0.00410239111], [-0.218338885, 0.0440024355, 0.174336449], [0.237089265, -0.00383826165, -0.233251003]]],
  ['F.cross_entropy(z, c, label_smoothing=0.1, reduction="none")',
    z, (x) => crossEntropy(x, int(c), { labelSmoothing: 0.1, reduction: "none" }),
    [1.07126357, 0.304036201, 2.68878086, 7.6184793],
    [[0.570415563, -0.00327444576, -0.567141117], [0.0257364243, -0.00932685983, -0.0164095644], [-0.873355538, 0.176009742, 0.697345796], [0.948357059, -0.0153530466, -0.933004013]]],
  ['F.cross_entropy(z, c, weight=w, label_smoothing=0.1)',
    z, (x) => crossEntropy(x, int(c), { weight: tensor(w), labelSmoothing: 0.1 }),
    3.6476716,
    [[0.204336737, 0.00744476385, -0.2117815], [2.53689641e-05, 0.0103521821, -0.0103775511], [-0.158610165, 0.0356664473, 0.122943718], [0.336043622, 0.00323555447, -0.339279176]]],
  ['F.cross_entropy(z, c, label_smoothing=0.1, ignore_index=2)',
    z, (x) => crossEntropy(x, int(c), { labelSmoothing: 0.1, ignoreIndex: 2 }),
    1.49640853,
    [[0, 0, 0], [0.0128682121, -0.00466342991, -0.00820478222], [-0.436677769, 0.0880048711, 0.348672898], [0, 0, 0]]],
  ['F.cross_entropy(z, c, weight=w, label_smoothing=0.1, ignore_index=2)',
    z, (x) => crossEntropy(x, int(c), { weight: tensor(w), labelSmoothing: 0.1, ignoreIndex: 2 }),
    2.05086515,
    [[0, 0, 0], [9.30195349e-05, 0.0379580011, -0.0380510206], [-0.581570605, 0.130776973, 0.450793632], [0, 0, 0]]],
  ['F.cross_entropy(z, s, reduction="mean")',
    z, (x) => crossEntropy(x, tensor(s), { reduction: "mean" }),
    1.75663633,
    [[0.125937224, -0.0424852781, -0.0834519459], [0.0147674394, -0.0189983816, 0.00423094222], [-0.110005551, -0.0101642311, 0.120169782], [0.145880338, -0.0709544355, -0.0749259029]]],
  ['F.cross_entropy(z, s, reduction="sum")',
    z, (x) => crossEntropy(x, tensor(s), { reduction: "sum" }),
    7.02654534,
    [[0.503748896, -0.169941112, -0.333807784], [0.0590697576, -0.0759935265, 0.0169237689], [-0.440022205, -0.0406569245, 0.480679129], [0.583521354, -0.283817742, -0.299703612]]],
  ['F.cross_entropy(z, s, reduction="none")',
    z, (x) => crossEntropy(x, tensor(s), { reduction: "none" }),
    [1.4545969, 0.0790362014, 1.87628086, 3.61663137],
    [[0.503748896, -0.169941112, -0.333807784], [0.0590697576, -0.0759935265, 0.0169237689], [-0.440022205, -0.0406569245, 0.480679129], [0.583521354, -0.283817742, -0.299703612]]],
  ['F.cross_entropy(z, s, weight=w, label_smoothing=0.1)',
    z, (x) => crossEntropy(x, tensor(s), { weight: tensor(w), labelSmoothing: 0.1 }),
    2.34391611,
    [[0.204125612, -0.0149687496, -0.189156862], [3.48823256e-05, 0.0142342504, -0.0142691327], [-0.103902102, 0.026804139, 0.0770979625], [0.184723658, -0.0331443989, -0.15157926]]],
  ['F.cross_entropy(z[0], torch.tensor(2))',
    z[0], (x) => crossEntropy(x, int(2)),
    1.0045969,
    [0.603748896, 0.0300588876, -0.633807784]],
  ['F.cross_entropy(z[0], s[0])',
    z[0], (x) => crossEntropy(x, tensor(s[0])),
    1.4545969,
    [0.503748896, -0.169941112, -0.333807784]],
  ['F.cross_entropy(z3, c3, weight=w)',
    z3, (x) => crossEntropy(x, int(c3), { weight: tensor(w) }),
    0.340157352,
    [[[-0.099062776, 0.0821258138], [0.00751472189, 0.049811824], [0.0915480541, -0.131937638]], [[0.0073837197, 0.0112538216], [-0.00949919081, -0.0418448805], [0.00211547111, 0.0305910589]]]],
  ['F.cross_entropy(z3, c3, weight=w, reduction="none")',
    z3, (x) => crossEntropy(x, int(c3), { weight: tensor(w), reduction: "none" }),
    [[0.504596902, 0.612711424], [0.0395181007, 0.203802982]],
    [[[-0.396251104, 0.328503255], [0.0300588876, 0.199247296], [0.366192216, -0.527750551]], [[0.0295348788, 0.0450152866], [-0.0379967632, -0.167379522], [0.00846188445, 0.122364236]]]],
  ['F.cross_entropy(z3, (2 * z3).softmax(1))',
    z3, (x) => crossEntropy(x, tensor(z3).mul(2).softmax(1)),
    0.425762834,
    [[[-0.0314968295, 0.0294097513], [0.00706251309, 0.0206189556], [0.0244343164, -0.0500287069]], [[0.0137502448, 0.0185385833], [-0.0178976906, -0.0503930941], [0.00414744581, 0.0318545108]]]],
  ['F.cross_entropy(huge, torch.tensor([0, 1]))',
    huge, (x) => crossEntropy(x, int([0, 1])),
    500,
    [[0, 0], [0.5, -0.5]]],
];

it.each(cases)("%s", (_, input, loss, value, gradient) => {
  const x = tensor(input, { requiresGrad: true });
  const result = loss(x);
  expectClose(result, value);
  result.sum().backward();
  expectClose(x.grad, gradient);
  expect(x.grad?.dtype).toBe("float32");
});
