// What every elementwise function is checked for without being asked: values, layouts, shapes,
// broadcasting, dtypes, IEEE special values and refusals, all against a plain JS function.

import { ChainruleError, DTypeError, ShapeError, type Tensor } from "@chainrule/core";
import { type DType, sizeOf } from "@chainrule/kernel";
import { arrangementsOf } from "../arrange.js";
import type { Bench, Check, Needs, Tier } from "../check.js";
import type { HostArray } from "../values.js";
import { ensure, type Operand, type Subject, verify } from "../verify.js";
import { computedIn, promotable, promoted, promotedWithNumber, resultOf } from "./promotion.js";
import { type ElementwiseSpec, expectedOf } from "./reference.js";
import { cycle, samplesOf, specialOperands } from "./samples.js";

/** What the checks are made for. */
export interface ElementwiseSubject extends ElementwiseSpec {
  readonly op: string;
  /** The start of every id. */
  readonly id: string;
  readonly tier: Tier;
  readonly subject: Subject;
  /** Whether the subject is the operation itself, which refuses bad operands in its own name. */
  readonly isOperation: boolean;
  /** How exact the reference is, relative to its values; 0 for fully. */
  readonly digits: number;
}

type Shape = readonly number[];

const floats: readonly DType[] = ["float32", "float64"];
const edgeShapes: readonly Shape[] = [[], [1], [0], [2, 0, 3], [2, 1, 3, 2]];
const pairs: readonly (readonly [Shape, Shape])[] = [
  [[2, 3], [3]],
  [
    [2, 1],
    [1, 3],
  ],
  [[], [2, 3]],
  [
    [4, 1, 3],
    [2, 1],
  ],
  [
    [1, 3],
    [0, 1],
  ],
  [[5], [1, 1, 1, 5]],
];

/** All checks of one elementwise function. */
export function elementwiseChecks(of: ElementwiseSubject): Check[] {
  return [
    ...floats.flatMap((dtype) => valueChecks(of, dtype)),
    ...floats.flatMap((dtype) => specialChecks(of, dtype)),
    ...(of.arity === 2 ? broadcastChecks(of) : []),
    ...(of.arity === 1 ? unaryDTypeChecks(of) : []),
    ...(of.arity === 2 ? [...binaryDTypeChecks(of), ...numberChecks(of)] : []),
    ...(of.isOperation ? [refusalCheck(of)] : []),
  ];
}

function valueChecks(of: ElementwiseSubject, dtype: DType): Check[] {
  const rowMajor = check(of, dtype, "values", (bench) => tryShape(bench, of, dtype, [64]));
  const arranged = arrangementsOf([2, 3, 4]).map((arrangement) =>
    check(of, dtype, arrangement, (bench) => tryShape(bench, of, dtype, [2, 3, 4], arrangement)),
  );
  const shapes = edgeShapes.map((shape) =>
    check(of, dtype, `shape [${shape}]`, (bench) => tryShape(bench, of, dtype, shape)),
  );
  return [rowMajor, ...arranged, ...shapes, ...(of.arity === 1 ? [expandedCheck(of, dtype)] : [])];
}

/** A check of this function with operands of `dtype`. */
function check(
  of: ElementwiseSubject,
  dtype: DType,
  title: string,
  run: (bench: Bench) => Promise<void>,
  needs: Needs = {},
): Check {
  return {
    id: `${of.id} > ${dtype} > ${title}`,
    tier: of.tier,
    dtype,
    needs: { dtypes: [dtype], ...needs },
    compiles: true,
    run,
  };
}

/** Operands of one shape and dtype, each starting at another sample. */
function operandsOf(of: ElementwiseSubject, dtype: DType, shapes: readonly Shape[]): HostArray[] {
  const samples = of.samples ?? samplesOf(dtype);
  return shapes.map((shape, i) => ({
    shape,
    dtype,
    data: cycle(samples, sizeOf(shape), i * 5),
  }));
}

function tryShape(
  bench: Bench,
  of: ElementwiseSubject,
  dtype: DType,
  shape: Shape,
  arrangement: "row-major" | "transposed" | "reversed" | "spaced" = "row-major",
): Promise<void> {
  const operands = operandsOf(of, dtype, new Array<Shape>(of.arity).fill(shape));
  return tryOperands(bench, of, dtype, operands, shape, { arrangement });
}

/** Runs the function on operands that all have the elements of the result. */
async function tryOperands(
  bench: Bench,
  of: ElementwiseSubject,
  dtype: DType,
  operands: readonly Operand[],
  shape: Shape,
  options: {
    arrangement?: "row-major" | "transposed" | "reversed" | "spaced";
    signedZeros?: boolean;
  },
): Promise<void> {
  const computed = computedIn(of.rule, dtype) ?? dtype;
  const data = operands.map((each) =>
    typeof each === "number" ? new Array<number>(sizeOf(shape)).fill(each) : broadcast(each, shape),
  );
  const expected = {
    shape,
    dtype: resultOf(of.rule, computed),
    data: expectedOf(of, computed, data),
  };
  const { op, subject, digits } = of;
  await verify(bench, { op, subject, operands, expected, float: dtype, digits, ...options });
}

/** The elements of `array` repeated to fill `shape`. */
function broadcast(array: HostArray, shape: Shape): number[] {
  return Array.from({ length: sizeOf(shape) }, (_, position) => {
    let rest = position;
    let place = 0;
    let step = 1;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      const extent = shape[axis] ?? 1;
      const own = array.shape[axis - shape.length + array.shape.length] ?? 1;
      if (own > 1) place += (rest % extent) * step;
      rest = Math.floor(rest / extent);
      step *= own;
    }
    return array.data[place] ?? 0;
  });
}

function broadcastShape([a, b]: readonly [Shape, Shape]): Shape {
  const ndim = Math.max(a.length, b.length);
  return Array.from({ length: ndim }, (_, axis) => {
    const x = a[axis - ndim + a.length] ?? 1;
    const y = b[axis - ndim + b.length] ?? 1;
    return x === 1 ? y : x;
  });
}

function broadcastChecks(of: ElementwiseSubject): Check[] {
  return floats.flatMap((dtype) =>
    pairs.map((pair) =>
      check(of, dtype, `broadcasting [${pair[0]}] with [${pair[1]}]`, (bench) =>
        tryOperands(bench, of, dtype, operandsOf(of, dtype, pair), broadcastShape(pair), {}),
      ),
    ),
  );
}

/** One operand repeated by stride 0. */
function expandedCheck(of: ElementwiseSubject, dtype: DType): Check {
  return check(of, dtype, "expanded", async (bench) => {
    const [column] = operandsOf(of, dtype, [[3, 1]]);
    if (column === undefined) return;
    const subject: Subject = (x) => of.subject(x.broadcastTo([2, 3, 4]));
    const whole: HostArray = { shape: [2, 3, 4], dtype, data: broadcast(column, [2, 3, 4]) };
    const computed = computedIn(of.rule, dtype) ?? dtype;
    await verify(bench, {
      op: of.op,
      subject,
      operands: [column],
      expected: {
        shape: whole.shape,
        dtype: resultOf(of.rule, computed),
        data: expectedOf(of, computed, [whole.data]),
      },
      float: dtype,
      digits: of.digits,
    });
  });
}

function specialChecks(of: ElementwiseSubject, dtype: DType): Check[] {
  if (of.samples !== undefined) return [];
  const run = async (bench: Bench): Promise<void> => {
    const data = specialOperands(of.arity);
    const shape = [data[0]?.length ?? 0];
    const operands = data.map((each): HostArray => ({ shape, dtype, data: each }));
    await tryOperands(bench, of, dtype, operands, shape, { signedZeros: true });
  };
  return [check(of, dtype, "NaN, infinities and signed zeros", run, { ieee: true })];
}

function unaryDTypeChecks(of: ElementwiseSubject): Check[] {
  const narrow: readonly DType[] = ["int32", "uint8", "bool"];
  return narrow.flatMap((dtype) => {
    if (of.samples?.every((x) => Number.isInteger(x) && x >= 0) === false) return [];
    const computed = computedIn(of.rule, dtype);
    if (computed === undefined) return of.isOperation ? [boolCheck(of)] : [];
    return [check(of, dtype, "values", (bench) => tryShape(bench, of, dtype, [10]))];
  });
}

function boolCheck(of: ElementwiseSubject): Check {
  return check(of, "bool", "is refused", async (bench) => {
    const operands = operandsOf(of, "bool", new Array<Shape>(of.arity).fill([2]));
    const run = (): Promise<void> => tryOperands(bench, of, "bool", operands, [2], {});
    await ensureThrows(run, DTypeError, of.op);
  });
}

function binaryDTypeChecks(of: ElementwiseSubject): Check[] {
  return promotable.flatMap((a) =>
    promotable.flatMap((b): Check[] => {
      if (a === b && floats.includes(a)) return [];
      const dtype = promoted(a, b);
      if (computedIn(of.rule, dtype) === undefined) return [boolCheck(of)];
      const run = (bench: Bench): Promise<void> => {
        const [first] = operandsOf(of, a, [[7]]);
        const [, second] = operandsOf(of, b, [[7], [7]]);
        if (first === undefined || second === undefined) return Promise.resolve();
        return tryOperands(bench, of, dtype, [first, second], [7], {});
      };
      return [check(of, a, `with ${b}`, run, { dtypes: [a, b] })];
    }),
  );
}

function numberChecks(of: ElementwiseSubject): Check[] {
  return promotable.flatMap((dtype) =>
    [2, 0.5].flatMap((value) =>
      (of.isOperation ? [0, 1] : [1]).map((place) =>
        check(of, dtype, `with the number ${value} as operand ${place}`, async (bench) => {
          const [tensor] = operandsOf(of, dtype, [[6]]);
          if (tensor === undefined) return;
          const operands = place === 0 ? [value, tensor] : [tensor, value];
          const common = of.rule === "logical" ? dtype : promotedWithNumber(dtype, value);
          await tryOperands(bench, of, common, operands, [6], {});
        }),
      ),
    ),
  );
}

function refusalCheck(of: ElementwiseSubject): Check {
  return {
    id: `${of.id} > refuses what does not fit`,
    tier: of.tier,
    compiles: true,
    run: async (bench) => {
      const [x] = operandsOf(of, "float32", [[2]]);
      const [long] = operandsOf(of, "float32", [[3]]);
      if (x === undefined || long === undefined) return;
      const text = "1" as unknown as Tensor;
      await ensureThrows(
        () => bench.prepared(of.subject)(...new Array<Tensor>(of.arity).fill(text)),
        ChainruleError,
        of.op,
      );
      if (of.arity !== 2) return;
      const run = (): Promise<void> => tryOperands(bench, of, "float32", [x, long], [2], {});
      await ensureThrows(run, ShapeError, of.op);
    },
  };
}

/** What `run` throws or rejects with; undefined when it does neither. */
export async function thrownBy(run: () => unknown): Promise<unknown> {
  try {
    await run();
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Throws unless `run` throws a `type` whose message names `op`. */
export async function ensureThrows(
  run: () => unknown,
  type: abstract new (...args: never[]) => Error,
  op?: string,
): Promise<void> {
  const error = await thrownBy(run);
  ensure(error !== undefined, `expected a ${type.name}, nothing was thrown`);
  ensure(error instanceof type, `expected a ${type.name}, got ${String(error)}`);
  const named = op === undefined || error.message.startsWith(`[${op}]`);
  ensure(named, `expected a message starting with [${op}], got: ${error.message}`);
}
