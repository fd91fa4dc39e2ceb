import { execFileSync, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { example as deadRelu } from "./dead-relu.js";
import type { Example } from "./example.js";
import { example as gates } from "./gates.js";
import { example as polar } from "./polar.js";
import { example as saturation } from "./saturation.js";
import { example as softmaxRegression } from "./softmax-regression.js";
import { example as stepNetwork } from "./step-network.js";
import { example as symmetry } from "./symmetry.js";
import { example as universalApproximation } from "./universal-approximation.js";

/** The findings of an example that says itself that it found what it claims. */
function findingsOf<F>({ run, report, holds }: Example<F>): F {
  const findings = run();
  expect(holds(findings)).toBe(true);
  expect(report(findings)).toMatch(/^.+\n/);
  return findings;
}

test("gates: one neuron learns AND, OR, NOT; XNOR takes two layers", () => {
  const found = findingsOf(gates);
  const accuracy = (layers: number): [string, number][] =>
    found.filter((each) => each.layers === layers).map((each) => [each.gate, each.accuracy]);
  expect(accuracy(1).slice(0, 3)).toEqual([
    ["AND", 1],
    ["OR", 1],
    ["NOT x1", 1],
  ]);
  expect(accuracy(1)[3]?.[1]).toBeLessThanOrEqual(0.75);
  expect(accuracy(2)).toEqual([["XNOR", 1]]);
  // The loss is convex in one neuron, and its gradient is 0 where all outputs are ½.
  const [, , , alone] = found;
  expect(alone?.loss).toBeCloseTo(Math.log(2), 4);
  expect(gates.holds(found.map((each) => ({ ...each, accuracy: 0.75 })))).toBe(false);
});

test("step-network: the numbers of the lecture, gates, and the inside of a rectangle", () => {
  const found = findingsOf(stepNetwork);
  expect(found.lecture).toEqual([
    { z: [2, 2, 5], a: [1, 1, 1] },
    { z: [2], a: [1] },
  ]);
  expect(found.gates).toEqual({ OR: "0111", NOR: "1000", XNOR: "1001" });
  const inside = found.points.filter((point) => point.inside);
  expect(inside).toHaveLength(8 * 4);
  expect(inside.every(({ x, y }) => x >= 2 && x <= 9 && y >= 1 && y <= 4)).toBe(true);
});

test("symmetry: equal hidden units stay exactly equal; a neuron may start from zeros", () => {
  const { networks, neurons } = findingsOf(symmetry);
  expect(networks.map(({ start }) => start)).toEqual(["all 0", "all 0.5", "random"]);
  const [zeros, equal, random] = networks;
  expect([zeros?.spread, equal?.spread]).toEqual([0, 0]);
  expect(equal?.moved).toBeGreaterThan(1);
  // Nothing reaches the hidden units through output weights of 0, and XNOR is half ones.
  expect([zeros?.moved, zeros?.accuracy]).toEqual([0, 0.5]);
  expect(random?.spread).toBeGreaterThan(1);
  expect(random?.accuracy).toBe(1);
  expect(neurons.map(({ accuracy }) => accuracy)).toEqual([1, 1, 1]);
});

test("universal-approximation: the error falls with the number of sigmoids", () => {
  const found = findingsOf(universalApproximation);
  expect(found.map(({ units }) => units)).toEqual([1, 2, 4, 8, 16, 32]);
  expect(found.at(-1)?.byHand).toBeLessThan(0.03);
  expect(found.at(-1)?.trained).toBeLessThan(0.01);
  expect(found.every(({ byHand, trained }) => trained < byHand)).toBe(true);
});

test("polar: rings are separable in (r, θ) and in what the network's hidden layers make of them", () => {
  const { cartesian, ...others } = findingsOf(polar);
  expect(cartesian).toBeLessThan(0.75);
  expect(others).toEqual({ polar: 1, network: 1, hidden: 1 });
});

test("saturation: slopes multiply; cross entropy recovers where squared error does not", () => {
  const { slopes, recovered, sizes, saturated } = findingsOf(saturation);
  for (const { z, sigmoid, squared, cross } of slopes) {
    const a = 1 / (1 + Math.exp(-z));
    expect(sigmoid).toBeCloseTo(a * (1 - a), 6);
    expect(squared).toBeCloseTo((a - 1) * a * (1 - a), 6);
    expect(cross).toBeCloseTo(a - 1, 6);
  }
  expect(recovered.squared).toBeLessThan(0.001);
  expect(recovered.cross).toBeGreaterThan(0.98);
  // Five sigmoids between the first layer and the last, each with a slope of ¼ at most.
  expect(sizes.sigmoid[0]).toBeLessThan((sizes.sigmoid[5] ?? 0) / 100);
  expect(sizes.tanh[0]).toBeGreaterThan((sizes.tanh[5] ?? 0) / 5);
  expect(sizes.relu[0]).toBeGreaterThan((sizes.relu[5] ?? 0) / 5);
  const shares = saturated.map(({ share }) => share);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
});

test("dead-relu: dead units stay dead; a small positive bias, or a leak, helps", () => {
  const found = findingsOf(deadRelu);
  const { noBias, positiveBias, negativeBias, negativeBiasLeaky, largeRate } = found;
  expect(noBias.offBefore).toBeGreaterThan(0);
  expect(positiveBias.offBefore).toBe(0);
  expect(positiveBias.accuracy).toBeGreaterThan(0.9);
  expect(negativeBias).toMatchObject({ offBefore: 32, offAfter: 32, revived: 0 });
  expect(negativeBiasLeaky.offBefore).toBe(32);
  expect(negativeBiasLeaky.revived).toBeGreaterThan(8);
  expect(negativeBiasLeaky.accuracy).toBeGreaterThan(0.9);
  expect(largeRate).toMatchObject({ offBefore: 0, revived: 0 });
  expect(largeRate.offAfter).toBeGreaterThan(16);
});

test("softmax-regression: autograd's gradient is (A - Y)ᵀ X / m + αW", () => {
  const found = findingsOf(softmaxRegression);
  expect(found[0]?.loss).toBeCloseTo(Math.log(3), 6); // zeros: every kind has probability ⅓
  expect(Math.max(...found.map(({ difference }) => difference))).toBeLessThan(1e-6);
  expect(found.at(-1)?.accuracy).toBeGreaterThan(0.95);
});

describe("pnpm example", () => {
  const repository = fileURLToPath(new URL("../../..", import.meta.url));
  const flags = ["--conditions=@chainrule/source", "--import", "tsx", "apps/examples/src/main.ts"];

  test("prints plain lines and ends with 0", () => {
    const printed = execFileSync(process.execPath, [...flags, "step-network"], {
      cwd: repository,
      encoding: "utf8",
    });
    expect(printed).toContain("XNOR  1  0  0  1\n");
    expect(printed).not.toContain("\u001b");
  });

  test.each([[[]], [["nope"]]])("%j lists the names and ends with 2", (args) => {
    const { status, stderr } = spawnSync(process.execPath, [...flags, ...args], {
      cwd: repository,
      encoding: "utf8",
    });
    expect(status).toBe(2);
    expect(stderr).toContain("  gates\n  step-network\n");
  });
});
