// `pnpm example NAME` runs one of these programs. Exit codes: 0 it found what it claims, 1 it did
// not, 2 there is no such example; the list follows.

import process from "node:process";
import type { Example } from "./example.js";

const examples: Readonly<Record<string, () => Promise<{ readonly example: Example<unknown> }>>> = {
  gates: () => import("./gates.js"),
  "step-network": () => import("./step-network.js"),
  symmetry: () => import("./symmetry.js"),
  "universal-approximation": () => import("./universal-approximation.js"),
  polar: () => import("./polar.js"),
  saturation: () => import("./saturation.js"),
  "dead-relu": () => import("./dead-relu.js"),
  "softmax-regression": () => import("./softmax-regression.js"),
};

const [name = ""] = process.argv.slice(2);
const load = Object.hasOwn(examples, name) ? examples[name] : undefined;
if (load === undefined) {
  console.error(name === "" ? "Name an example:" : `There is no example "${name}". There are:`);
  for (const known of Object.keys(examples)) console.error(`  ${known}`);
  process.exitCode = 2;
} else {
  const { example } = await load();
  const findings = example.run();
  console.log(example.report(findings));
  if (!example.holds(findings)) {
    console.error("\nThis is not what the example claims.");
    process.exitCode = 1;
  }
}
