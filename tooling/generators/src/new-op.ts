// pnpm new:op <name> --kind unary|binary|composite [--family elementwise]
// Writes the two files of a new operation, its definition and its conformance cases, and runs the
// generator. The cases fail until they are filled in.

import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { generatedFiles } from "./generate.js";
import { kebabCase, repository, write } from "./source-files.js";

const definitions: Record<string, (name: string) => string> = {
  unary: (name) => `import { call } from "@chainrule/kernel";
import { type UnaryFloatOp, unary } from "../../op/unary-binary.js";

/**
 * Says in one sentence what ${name} computes.
 *
 * @example
 * ${name}(tensor([1])) // => [1]
 *
 * @method
 */
export const ${name}: UnaryFloatOp = unary({
  name: "${name}",
  expr: (x) => call("copy", x),
  saves: "inputs",
  vjp: (grad, { x }) => grad.mul(x.mul(0).add(1)),
});
`,
  binary: (name) => `import { call } from "@chainrule/kernel";
import { type BinaryFloatOp, binary } from "../../op/unary-binary.js";

/**
 * Says in one sentence what ${name} computes.
 *
 * @example
 * ${name}(tensor([1]), 2) // => [3]
 *
 * @method
 */
export const ${name}: BinaryFloatOp = binary({
  name: "${name}",
  expr: (a, b) => call("add", a, b),
  vjp: [(grad) => grad, (grad) => grad],
});
`,
  composite: (name) => `import type { DType } from "@chainrule/kernel";
import type { Tensor } from "../../tensor/tensor.js";

/**
 * Says in one sentence what ${name} computes.
 *
 * @example
 * ${name}(tensor([1])) // => [1]
 *
 * @method
 */
export function ${name}<D extends DType>(x: Tensor<D>): Tensor<D> {
  return x;
}
`,
};

const cases = (name: string, kind: string) => {
  const operands = kind === "binary" ? "a, b" : "x";
  return `import { defineCases } from "../../define-cases.js";

export default defineCases("${name}", (c) => {
  // Inputs, then the values expected: closed form, or computed by another framework.
  c.forward(${kind === "binary" ? "[-1, 0, 1], [1, 1, 1]" : "[-1, 0, 1]"}, [Number.NaN, Number.NaN, Number.NaN]);
  // The same in plain JavaScript, independent of the definition.
  c.reference((${operands}) => Number.NaN * ${operands.replace(", ", " * ")});
  c.gradient();
});
`;
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    kind: { type: "string", default: "composite" },
    family: { type: "string", default: "elementwise" },
  },
});
const [name] = positionals;
const definition = definitions[values.kind];
if (name === undefined || !/^[a-z][A-Za-z0-9]*$/.test(name) || definition === undefined) {
  console.error("usage: pnpm new:op <camelCaseName> --kind unary|binary|composite [--family name]");
  process.exit(2);
}

const file = `${values.family}/${kebabCase(name)}.ts`;
const written: [string, string][] = [
  [`packages/core/src/ops/${file}`, definition(name)],
  [`packages/conformance/src/cases/${file}`, cases(name, values.kind)],
];
const taken = written.map(([path]) => path).filter((path) => existsSync(join(repository, path)));
if (taken.length > 0) {
  console.error(`already there: ${taken.join(", ")}`);
  process.exit(1);
}
for (const [path, text] of written) {
  mkdirSync(dirname(join(repository, path)), { recursive: true });
  writeFileSync(join(repository, path), text);
  console.log(`wrote: ${path}`);
}
for (const [path, text] of generatedFiles()) write(path, text);
