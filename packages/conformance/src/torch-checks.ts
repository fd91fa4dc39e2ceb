// Values and gradients against what PyTorch computed.

import type { Tensor } from "@chainrule/core";
import { tensor, zerosLike } from "@chainrule/core";
import { arrangementsOf } from "./arrange.js";
import { type Bench, type Check, floatDTypes, type Tier } from "./check.js";
import { type SpecialCase, specialCases, type TorchCase, torchCases } from "./fixtures.js";
import { toleranceFor } from "./tolerance.js";
import { type HostArray, needsInt32, storedAs } from "./values.js";
import {
  compareElements,
  ensure,
  type Operand,
  operandsOn,
  type Subject,
  turned,
  verify,
} from "./verify.js";

/** The checks of an operation against the stored results; `adapt` makes the call of each. */
export function torchChecks(
  op: string,
  tier: Tier,
  adapt: (stored: TorchCase) => Subject,
): Check[] {
  return torchCases(op).flatMap((stored, i) => {
    const subject = adapt(stored);
    return floatDTypes.flatMap((float) => [
      ...forwardChecks(stored, subject, float, tier, i),
      ...gradientChecks(stored, subject, float, i),
    ]);
  });
}

function idOf({ op, call, args, inputs }: TorchCase, float: string, index: number): string {
  const attributes = Object.entries(args)
    .filter(([name]) => name !== "exponent")
    .map(([name, value]) => ` ${name} ${JSON.stringify(value)}`);
  const shapes = inputs.map((x) => (typeof x === "number" ? x : `[${x.shape}]`)).join(" ");
  const called = call === undefined ? "" : ` ${call}`;
  return `${op} > ${float} > torch ${index + 1}${called} ${shapes}${attributes.join("")}`;
}

function forwardChecks(
  stored: TorchCase,
  subject: Subject,
  float: (typeof floatDTypes)[number],
  tier: Tier,
  index: number,
): Check[] {
  const { op, inputs, output } = stored;
  const widest = inputs.reduce<readonly number[]>(
    (widest, x) => (typeof x === "object" && x.shape.length > widest.length ? x.shape : widest),
    [],
  );
  const others = arrangementsOf(widest);
  const other = others[index % Math.max(1, others.length)];
  const arrangements = other === undefined ? ([undefined] as const) : ([undefined, other] as const);
  return arrangements.map((arrangement) => ({
    id: idOf(stored, float, index) + (arrangement === undefined ? "" : ` > ${arrangement}`),
    tier,
    dtype: float,
    needs: { dtypes: [float], exactInt32: [...inputs, output].some(needsInt32) },
    compiles: true,
    run: (bench) =>
      verify(bench, {
        op,
        subject,
        operands: inputs,
        expected: output,
        float,
        ...(arrangement === undefined ? {} : { arrangement }),
      }),
  }));
}

function gradientChecks(
  stored: TorchCase,
  subject: Subject,
  float: (typeof floatDTypes)[number],
  index: number,
): Check[] {
  const { inputs, gradients, second } = stored;
  if (gradients === undefined || second === undefined) return [];
  const check = async (bench: Bench): Promise<void> => {
    const isVariable = (i: number): boolean => {
      const input = inputs[i];
      return typeof input === "object" && input.dtype === "float";
    };
    const made = (of: readonly Operand[]): Tensor[] => {
      const operands = operandsOn(bench, { operands: of, float });
      for (const [i, x] of operands.entries()) if (isVariable(i)) x.requiresGrad = true;
      return operands;
    };
    const slopes = (...operands: Tensor[]): Derivatives | Promise<Derivatives> => {
      const variables = operands.filter((_, i) => isVariable(i));
      const y = subject(...operands);
      return y instanceof Promise
        ? y.then((found) => derivatives(found, variables))
        : derivatives(y, variables);
    };
    const run = bench.prepared(slopes, () => made(inputs.map(turned)));
    const found = await run(...made(inputs));
    await compareAll(bench, "gradient", found.first, gradients);
    await compareAll(bench, "second order", found.second, second);
  };
  const id = `${idOf(stored, float, index)} > gradients`;
  return [{ id, tier: 3, dtype: float, needs: { dtypes: [float] }, compiles: true, run: check }];
}

/** Gradients by variable. */
export interface Derivatives {
  readonly first: readonly Tensor[];
  readonly second: readonly Tensor[];
}

/** The gradients of the weighed elements of `y`, and those of the weighed gradients. */
export function derivatives(y: Tensor, variables: readonly Tensor[]): Derivatives {
  const taken = (): Tensor[] =>
    variables.map((x) => {
      const { grad } = x;
      x.grad = null;
      return grad ?? zerosLike(x);
    });
  weigh(y).backward({ createGraph: true });
  const first = taken();
  const slope = first.map(weigh).reduce((a, b) => a.add(b));
  if (slope.requiresGrad) slope.backward();
  return { first: first.map((x) => x.detach()), second: taken() };
}

async function compareAll(
  bench: Bench,
  what: string,
  got: readonly Tensor[],
  expected: readonly (readonly number[])[],
): Promise<void> {
  for (const [i, x] of got.entries()) {
    const tolerance = toleranceFor("gradient", x.dtype);
    const wanted = expected[i] ?? [];
    try {
      compareElements(bench, { op: "gradient", tolerance }, await x.data(), wanted, x.dtype);
    } catch (error) {
      throw new Error(`${what} of input ${i}: ${error instanceof Error ? error.message : error}`);
    }
  }
}

/** One number of an array, its elements weighed as make_fixtures.py does. */
export function weigh(x: Tensor): Tensor {
  const weights = Array.from({ length: x.size }, (_, i) => 0.5 + ((i * 7) % 11) / 11);
  const { dtype, shape, backend } = x;
  return x.mul(tensor(storedAs(weights, dtype), { dtype, shape, backend })).sum();
}

/** Checks against the array API's table of IEEE special values. */
export function specialValueChecks(op: string, tier: Tier, subject: Subject): Check[] {
  return specialCases(op).map((special, i) => ({
    id: `${op} > special values ${i + 1}`,
    tier,
    dtype: "float32",
    needs: { ieee: true },
    compiles: true,
    run: (bench) => specialValues(bench, op, subject, special),
  }));
}

async function specialValues(
  bench: Bench,
  op: string,
  subject: Subject,
  { inputs, expected, text }: SpecialCase,
): Promise<void> {
  const array = (data: readonly number[]): HostArray => ({
    shape: [data.length],
    dtype: "float",
    data,
  });
  try {
    await verify(bench, {
      op,
      subject,
      operands: inputs.map(array),
      expected: array(expected),
      float: "float32",
      signedZeros: true,
    });
  } catch (error) {
    ensure(false, `${error instanceof Error ? error.message : error} (${text})`);
  }
}
