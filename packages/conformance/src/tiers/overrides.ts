// Tier 2: what a backend does by itself, in overrides and routines, is what its kernels compute. Every
// operation is run with and without them, on the same operands: in all layouts, with other values
// where the layouts are known by then, forwards, backwards and through the gradient again.

import type { Backend, Tensor } from "@chainrule/core";
import type { DType, TypedArray } from "@chainrule/kernel";
import { type Arrangement, arrangementsOf } from "../arrange.js";
import { overridesOf, routinesOf, viewOf } from "../backend-view.js";
import type { Example } from "../call-cases.js";
import { type Bench, type Check, floatDTypes, Skipped } from "../check.js";
import type { OpCases } from "../define-cases.js";
import { toleranceFor } from "../tolerance.js";
import { derivatives } from "../torch-checks.js";
import type { HostArray } from "../values.js";
import { compareElements, ensure, type Operand, operandsOn } from "../verify.js";

/** The checks of overrides and routines on the examples of `cases`. */
export function overrideChecks(cases: readonly OpCases[]): Check[] {
  return [
    ...cases.map(
      (of): Check => ({
        id: `${of.op} > overrides and routines give what kernels give`,
        tier: 2,
        run: (bench) => compareWays(bench, of),
      }),
    ),
    {
      id: "overrides > each one, and each routine, is run by some case",
      tier: 2,
      run: (bench) => findUnused(bench, cases),
    },
  ];
}

/** A view of a backend that knows what was done without kernels. */
interface Watched {
  readonly backend: Backend;
  /** Overrides that were asked whether they accept, and routines that were run. */
  readonly asked: ReadonlySet<string>;
  /** Overrides and routines that were run. */
  readonly ran: ReadonlySet<string>;
  /** How often. */
  runs(): number;
  /** Throws unless `accepts` answers as it did. */
  ensureConstant(): void;
}

function watched(backend: Backend): Watched {
  const asked = new Set<string>();
  const ran = new Set<string>();
  let runs = 0;
  const answers: (() => void)[] = [];
  const view = viewOf(backend, {
    ops: overridesOf(backend, (own, name) => ({
      accepts: (layouts, dtypes, attrs) => {
        asked.add(name);
        const answer = own.accepts(layouts, dtypes, attrs);
        answers.push(() => {
          const again = [1, 2].map(() => own.accepts(layouts, dtypes, attrs));
          ensure(
            again.every((each) => each === answer),
            `ops.${name}.accepts changed its mind: it must depend on its arguments alone`,
          );
        });
        return answer;
      },
      run: (inputs, outputs, attrs) => {
        ran.add(name);
        runs += 1;
        own.run(inputs, outputs, attrs);
      },
    })),
    routines: routinesOf(backend, (own, name) => (...args) => {
      asked.add(name);
      ran.add(name);
      runs += 1;
      own(...args);
    }),
  });
  return {
    backend: view,
    asked,
    ran,
    runs: () => runs,
    ensureConstant: () => {
      for (const again of answers) again();
    },
  };
}

/** The names of what `backend` does by itself. Throws: {@link Skipped} when there is nothing. */
function ownNames({ ops = {}, routines = {} }: Backend): string[] {
  const names = [...Object.keys(ops), ...Object.keys(routines)];
  if (names.length === 0) throw new Skipped("the backend has no overrides and no routines");
  return names;
}

async function compareWays(bench: Bench, { op, examples }: OpCases): Promise<void> {
  const { backend } = bench;
  ownNames(backend);
  const own = watched(backend);
  const plain = viewOf(backend, { ops: undefined, routines: undefined });
  const { dtypes, nan } = backend.capabilities;
  const floats = floatDTypes.filter((each) => dtypes.includes(each));
  const compare = async (attempt: Attempt): Promise<void> => {
    const before = own.runs();
    const got = await outcomesOf(own.backend, attempt);
    // By kernels alone: there is nothing to compare.
    if (own.runs() === before && !(got instanceof Error)) return;
    const expected = await outcomesOf(plain, attempt);
    try {
      compareOutcomes({ ...bench, measure: () => {} }, op, got, expected);
    } catch (error) {
      throw new Error(`${attempt.title}: ${error instanceof Error ? error.message : error}`);
    }
  };
  const usable = examples
    .map((example, i) => ({ ...example, index: i }))
    .filter(({ isEdge }) => !isEdge || nan === "ieee");
  const simple = usable.flatMap((each) =>
    // Without floats among the operands all are the same.
    floats
      .slice(0, each.operands.some(isFloats) ? floats.length : 1)
      .map((float) => simpleAttempt(each, float)),
  );
  for (const attempt of simple) await compare(attempt);
  // Layouts and values do not change what an operation is made of.
  if (own.asked.size === 0) return;
  // Routines say what becomes of NaN; overrides may multiply by the zeros around an array, or not.
  const withNaN = nan === "ieee" && ![...own.asked].some((name) => backend.ops?.[name]);
  const others = simple.filter(({ isEdge }) => !isEdge);
  for (const each of others) {
    for (const attempt of [...inOtherLayouts(each), ...withOtherValues(each, withNaN)]) {
      await compare(attempt);
    }
  }
  own.ensureConstant();
}

/** One call on operands that lie in memory in one way. */
interface Attempt extends Example {
  readonly title: string;
  readonly index: number;
  readonly float: DType;
  readonly arrangement: Arrangement | "repeated";
  /** Whether the gradients are compared, too. */
  readonly differentiate: boolean;
}

function simpleAttempt(example: Example & { readonly index: number }, float: DType): Attempt {
  const { isEdge, index } = example;
  const title = `example ${index + 1}, ${float}`;
  return { ...example, title, float, arrangement: "row-major", differentiate: !isEdge };
}

/** The same elements in every other layout; and those of which the first ones are repeated. */
function inOtherLayouts(simple: Attempt): Attempt[] {
  const shapes = simple.operands.flatMap((each) => (typeof each === "number" ? [] : [each.shape]));
  const largest = shapes.reduce<readonly number[]>(
    (widest, shape) => (shape.length > widest.length ? shape : widest),
    [],
  );
  if (largest.length === 0) return [];
  return [...arrangementsOf(largest), "repeated" as const].map((arrangement) => ({
    ...simple,
    arrangement,
    title: `${simple.title}, ${arrangement}`,
    // Once is enough: derivatives are made of the same operations.
    differentiate: simple.float === "float32",
  }));
}

/** Other elements in the same layouts, which have been accepted or refused by then. */
function withOtherValues(simple: Attempt, withNaN: boolean): Attempt[] {
  if (!simple.operands.some(isFloats)) return [];
  return (withNaN ? [turned, withSpecials] : [turned]).map((change) => ({
    ...simple,
    operands: simple.operands.map((each) => (isFloats(each) ? change(each) : each)),
    differentiate: false,
    title: `${simple.title}, ${change.name}`,
  }));
}

function isFloats(operand: Operand | undefined): operand is HostArray {
  return typeof operand === "object" && operand.dtype === "float";
}

function turned(array: HostArray): HostArray {
  return { ...array, data: array.data.map((x) => -x).reverse() };
}

function withSpecials(array: HostArray): HostArray {
  const specials = [Number.NaN, Number.POSITIVE_INFINITY, -0, Number.NEGATIVE_INFINITY];
  const data = array.data.map((x, i) => (i % 3 === 1 ? (specials[((i - 1) / 3) % 4] ?? x) : x));
  return { ...array, data };
}

/** A result or a gradient. */
interface Outcome {
  readonly title: string;
  readonly shape: readonly number[];
  readonly dtype: DType;
  readonly data: TypedArray;
}

/** What comes of a call: its result and gradients, or the error in their place. */
async function outcomesOf(backend: Backend, attempt: Attempt): Promise<Outcome[] | Error> {
  try {
    const operands = operandsIn(backend, attempt);
    const variables = operands.filter((_, i) => isFloats(attempt.operands[i]));
    if (attempt.differentiate) for (const x of variables) x.requiresGrad = true;
    const result = await attempt.subject(...operands);
    const found = [{ title: "result", x: result }];
    if (result.requiresGrad) {
      const { first, second } = derivatives(result, variables);
      for (const [i, x] of first.entries()) found.push({ title: `gradient ${i}`, x });
      for (const [i, x] of second.entries()) found.push({ title: `second order ${i}`, x });
    }
    return await Promise.all(
      found.map(async ({ title, x }) => {
        const { shape, dtype } = x;
        return { title, shape, dtype, data: await x.data() };
      }),
    );
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

function operandsIn(backend: Backend, { arrangement, index, ...attempt }: Attempt): Tensor[] {
  if (arrangement !== "repeated") return operandsOn({ backend }, { ...attempt, arrangement });
  return operandsOn({ backend }, attempt).map((x) => {
    if (typeof x === "number" || x.size === 0) return x;
    // The first along one axis, again and again: stride 0.
    const first = x.shape.map((_, axis) => (axis === index % x.ndim ? { start: 0, stop: 1 } : ":"));
    return x
      .at(...first)
      .broadcastTo(x.shape)
      .detach();
  });
}

function compareOutcomes(
  bench: Bench,
  op: string,
  got: readonly Outcome[] | Error,
  expected: readonly Outcome[] | Error,
): void {
  if (expected instanceof Error) {
    ensure(got instanceof Error, `kernels refuse with: ${expected.message}`);
    return;
  }
  if (got instanceof Error) throw got;
  for (const [i, { title, shape, dtype, data }] of got.entries()) {
    const wanted = expected[i];
    ensure(
      `${shape}` === `${wanted?.shape}` && dtype === wanted?.dtype,
      `${title}: kernels give ${wanted?.dtype} [${wanted?.shape}], got ${dtype} [${shape}]`,
    );
    const tolerance = toleranceFor(title === "result" ? op : "gradient", dtype);
    compareElements(bench, { op, tolerance }, data, Array.from(wanted.data), dtype);
  }
}

/** Runs the cases until every override and routine has been run. */
async function findUnused({ backend }: Bench, cases: readonly OpCases[]): Promise<void> {
  const names = ownNames(backend);
  const own = watched(backend);
  const open = (seen: ReadonlySet<string>): string[] => names.filter((name) => !seen.has(name));
  const likely = (of: OpCases): number => (names.includes(of.op) ? 0 : 1);
  const floats = floatDTypes.filter((each) => backend.capabilities.dtypes.includes(each));
  for (const { examples } of [...cases].sort((a, b) => likely(a) - likely(b))) {
    for (const [i, example] of examples.entries()) {
      if (open(own.ran).length === 0) return;
      for (const float of floats) {
        await outcomesOf(own.backend, simpleAttempt({ ...example, index: i }, float));
      }
    }
  }
  const unknown = open(own.asked);
  ensure(
    unknown.length === 0,
    `the engine never asks for ${unknown.join(", ")}: is it an operation?`,
  );
  throw new Skipped(
    `accepts refuses every case of the suite, which checks nothing of ${open(own.ran).join(", ")}`,
  );
}
