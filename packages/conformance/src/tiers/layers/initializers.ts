// Initializers against the distributions that PyTorch draws from. Which numbers are drawn follows from
// the seed, so that a check passes always or never.

import { type Backend, Generator, type Tensor } from "@chainrule/core";
import * as init from "@chainrule/init";
import type { DType } from "@chainrule/kernel";
import { type Bench, type Check, floatDTypes } from "../../check.js";
import { toleranceFor } from "../../tolerance.js";
import { ensure, verifyResult } from "../../verify.js";
import { floatCheck } from "./float-check.js";
import { described, type InitializerCase, initializerCases } from "./stored.js";

/** Every initializer that draws its numbers one by one, by name. */
export const initializers: Readonly<Record<string, init.Initializer>> = {
  uniform: init.uniform,
  normal: init.normal,
  truncatedNormal: init.truncatedNormal,
  xavierUniform: init.xavierUniform,
  xavierNormal: init.xavierNormal,
  kaimingUniform: init.kaimingUniform,
  kaimingNormal: init.kaimingNormal,
  lecunUniform: init.lecunUniform,
  lecunNormal: init.lecunNormal,
};

/** The checks of all initializers. */
export function initializerChecks(): Check[] {
  return floatDTypes.flatMap((float) => [
    ...initializerCases.map((stored) => checkOf(stored, float)),
    ...[
      [6, 9],
      [9, 6],
      [4, 2, 3],
    ].map((shape) => orthogonalCheck(shape, float)),
  ]);
}

function checkOf(stored: InitializerCase, float: DType): Check {
  const { initializer, shape, options } = stored;
  const id = `initializer ${initializer} > ${float} > ${described(options)} > of [${shape}]`;
  return floatCheck(4, id, float, ({ backend }) => isDrawnFrom(stored, backend, float));
}

async function isDrawnFrom(
  { initializer, shape, options, distribution }: InitializerCase,
  backend: Backend,
  dtype: DType,
): Promise<void> {
  const draw = initializers[initializer];
  ensure(draw !== undefined, `there is no initializer ${initializer}`);
  const drawn = draw(shape, { ...options, dtype, backend, generator: new Generator(20) });
  ensure(`${drawn.shape}` === `${shape}`, `expected the shape [${shape}], got [${drawn.shape}]`);
  const values = Array.from(await drawn.data(), Number);
  const [low, high] = [Number(distribution.low), Number(distribution.high)];
  const n = values.length;
  const mean = values.reduce((sum, x) => sum + x, 0) / n;
  const std = Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n);
  // Elements may leave the bounds by their rounding.
  const margin = 2 ** -23 * Math.max(...values.map(Math.abs));
  for (const x of values) {
    ensure(x >= low - margin && x <= high + margin, `${x} is outside of ${low} … ${high}`);
  }
  // Four standard deviations of each.
  within("mean", mean, distribution.mean, (4 * distribution.std) / Math.sqrt(n));
  within("standard deviation", std, distribution.std, (4 * distribution.std) / Math.sqrt(2 * n));
}

function within(what: string, got: number, expected: number, distance: number): void {
  ensure(Math.abs(got - expected) <= distance, `${what}: expected ${expected}, got ${got}`);
}

/** `W Wᵀ = gain² I`, or `Wᵀ W` where there are more rows than columns. */
function orthogonalCheck(shape: readonly number[], float: DType): Check {
  const gain = 1.5;
  const run = async (bench: Bench): Promise<void> => {
    const { backend } = bench;
    const options = { gain, dtype: float, backend, generator: new Generator(21) };
    const made = init.orthogonal(shape, options);
    const [rows = 0] = shape;
    const weight = made.reshape([rows, made.size / rows]);
    const [short, product]: [number, Tensor] =
      rows < weight.size / rows
        ? [rows, weight.matmul(weight.T)]
        : [weight.size / rows, weight.T.matmul(weight)];
    const identity = Array.from({ length: short ** 2 }, (_, i) =>
      i % (short + 1) === 0 ? gain ** 2 : 0,
    );
    const expected = { shape: [short, short], dtype: "float", data: identity } as const;
    const tolerance = toleranceFor("matmul", float);
    await verifyResult(
      bench,
      { op: "initializer orthogonal", float, expected, tolerance },
      product,
    );
  };
  return floatCheck(
    4,
    `initializer orthogonal > ${float} > gain ${gain} > of [${shape}]`,
    float,
    run,
  );
}
