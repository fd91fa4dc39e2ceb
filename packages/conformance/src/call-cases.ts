// The cases of one way to call an operation, and the checks they stand for.

import type { ChainruleError } from "@chainrule/core";
import { arrangementsOf } from "./arrange.js";
import { type Check, floatDTypes, type Tier } from "./check.js";
import { elementwiseChecks, ensureThrows } from "./elementwise/checks.js";
import type { DTypeRule } from "./elementwise/promotion.js";
import { resultOf } from "./elementwise/promotion.js";
import { type Reference, tableReference } from "./elementwise/reference.js";
import { gradientChecks, nonDifferentiableCheck } from "./gradient-checks.js";
import {
  dtypeIn,
  type HostArray,
  hostArray,
  isTyped,
  type Nested,
  needsInt32,
  operandOf,
  type Values,
} from "./values.js";
import { type Operand, operandsOn, type Subject, verify } from "./verify.js";

/** What can be said about a call of an operation. */
export interface CallBuilder {
  /**
   * Operands and, last, the expected result: closed form, to 7 digits or exact in float32. Tried in
   * each float dtype, and with the operands lying in memory in every arrangement.
   */
  forward(...operandsThenExpected: Values[]): void;
  /** The same for NaN, infinities and signed zeros; only on backends with IEEE semantics. */
  edges(...operandsThenExpected: Values[]): void;
  /**
   * What an elementwise function gives for one element of each operand, in plain JavaScript. With it
   * values, layouts, shapes, broadcasting, dtypes and special values are checked.
   */
  reference(fn: Reference): void;
  /** The same for operands computed as int32 or uint8; results wrap. */
  integers(fn: Reference): void;
  /**
   * Tries the gradient and its gradient here; without operands, where elementwise functions usually
   * are tried, and composites at the operands of their first example.
   */
  gradient(...operands: Values[]): void;
  /** Operands that are refused with an error of this type which names the operation. */
  throws(title: string, type: ErrorType, ...operands: Values[]): void;
}

/** A class of errors of core. */
export type ErrorType = abstract new (...args: never[]) => ChainruleError;

/** What all calls of an operation share. */
export interface CallContext {
  readonly op: string;
  tier: Tier;
  rule: DTypeRule;
  nonDifferentiable: string | undefined;
}

/** Numbers in cases have 7 digits at least; half a unit of the last one. */
const literalDigits = 5e-7;
const usual: readonly (readonly number[])[] = [
  [-1.7, -0.6, 0.4, 1.3],
  [0.9, -1.2, 1.6, 0.7],
];

interface Stated {
  readonly operands: readonly Values[];
  readonly expected: Values;
  readonly isEdge: boolean;
}

/** A call with operands that it takes. */
export interface Example {
  readonly subject: Subject;
  readonly operands: readonly Operand[];
  /** Whether it is about NaN, infinities or signed zeros. */
  readonly isEdge: boolean;
}

/** Collects what is said about one call. */
export class CallCases {
  readonly #context: CallContext;
  readonly #id: string;
  readonly #subject: Subject;
  readonly #arity: number | undefined;
  readonly #examples: Stated[] = [];
  readonly #gradients: (readonly Values[])[] = [];
  readonly #refusals: { title: string; type: ErrorType; operands: readonly Values[] }[] = [];
  #reference: Reference | undefined;
  #integers: Reference | undefined;

  /** `arity` is known of elementwise operations only. */
  constructor(context: CallContext, id: string, subject: Subject, arity: number | undefined) {
    this.#context = context;
    this.#id = id;
    this.#subject = subject;
    this.#arity = arity;
  }

  get differentiated(): boolean {
    return this.#gradients.length > 0;
  }

  builder(): CallBuilder {
    const example = (isEdge: boolean, all: readonly Values[]): void => {
      const expected = all.at(-1);
      if (expected === undefined || all.length < 2) {
        throw new Error(`${this.#id}: an example needs operands and, last, the expected result`);
      }
      this.#examples.push({ operands: all.slice(0, -1), expected, isEdge });
    };
    return {
      forward: (...all) => example(false, all),
      edges: (...all) => example(true, all),
      reference: (fn) => {
        this.#reference = fn;
      },
      integers: (fn) => {
        this.#integers = fn;
      },
      gradient: (...operands) => {
        this.#gradients.push(operands);
      },
      throws: (title, type, ...operands) => {
        this.#refusals.push({ title, type, operands });
      },
    };
  }

  /** The operands of everything that was said, and of elementwise functions some more. */
  get examples(): Example[] {
    const arity = this.#arity ?? this.#reference?.length ?? 0;
    const gradients = this.#gradients.filter((operands) => operands.length > 0);
    const all: readonly Omit<Stated, "expected">[] = [
      ...this.#examples,
      ...gradients.map((operands) => ({ operands, isEdge: false })),
      ...elementwiseOperands(arity).map((operands) => ({ operands, isEdge: false })),
    ];
    return all.map(({ operands, isEdge }) => ({
      subject: this.#subject,
      operands: operands.map(operandOf),
      isEdge,
    }));
  }

  /** Everything that was said, as checks. */
  checks(): Check[] {
    return [
      ...[false, true].flatMap((isEdge) =>
        this.#examples
          .filter((example) => example.isEdge === isEdge)
          .flatMap((example, i) => this.#exampleChecks(example, i)),
      ),
      ...this.#elementwise(),
      ...this.#gradients.flatMap((operands, i) => this.#gradientChecks(operands, i)),
      ...this.#refusals.map(({ title, type, operands }) => this.#refusal(title, type, operands)),
      ...this.#withoutGradient(),
    ];
  }

  #exampleChecks({ operands, expected, isEdge }: Stated, index: number): Check[] {
    const { op, tier } = this.#context;
    const arrays = operands.map(operandOf);
    const wanted = this.#expectedArray(expected, arrays);
    const usesFloat = [...arrays, wanted].some((a) => typeof a === "object" && a.dtype === "float");
    const first = arrays.find((each) => typeof each === "object");
    // Dtypes that a backend may lack, named by the case itself.
    const named = ([...arrays, wanted] as const).flatMap((each) =>
      typeof each === "object" && each.dtype === "float64" ? ([each.dtype] as const) : [],
    );
    const largest = arrays.reduce<readonly number[]>(
      (shape, each) =>
        typeof each === "object" && each.shape.length > shape.length ? each.shape : shape,
      [],
    );
    const arrangements = isEdge ? [] : arrangementsOf(largest);
    return (usesFloat ? floatDTypes : (["float32"] as const)).flatMap((float) =>
      (["row-major", ...arrangements] as const).map((arrangement): Check => {
        const title = `${isEdge ? "edges" : "forward"} ${index + 1}`;
        const parts = [this.#id, ...(usesFloat ? [float] : []), title];
        if (arrangement !== "row-major") parts.push(arrangement);
        return {
          id: parts.join(" > "),
          tier,
          dtype: usesFloat ? float : dtypeIn(first ?? wanted, float),
          needs: {
            dtypes: usesFloat ? [float, ...named] : named,
            ieee: isEdge,
            exactInt32: [...arrays, wanted].some(needsInt32),
          },
          compiles: true,
          run: (bench) =>
            verify(bench, {
              op,
              subject: this.#subject,
              operands: arrays,
              expected: wanted,
              float,
              arrangement,
              digits: literalDigits,
              signedZeros: isEdge,
            }),
        };
      }),
    );
  }

  /** The expected array; of a comparison written with 0 and 1, as bool. */
  #expectedArray(expected: Values, operands: readonly Operand[]): HostArray {
    const array = hostArray(expected);
    if (array.dtype !== "float" || isTyped(expected)) return array;
    const isBool = resultOf(this.#context.rule, "float32") === "bool";
    const hasFloat = operands.some((each) => typeof each === "object" && each.dtype === "float");
    return isBool && hasFloat ? { ...array, dtype: "bool" } : array;
  }

  #elementwise(): Check[] {
    const { op, tier, rule } = this.#context;
    const listed = this.#listedElements();
    const reference = this.#reference ?? listed?.reference;
    if (reference === undefined) {
      if ((this.#arity ?? 1) === 1) return [];
      return [
        {
          id: `${this.#id} > has a reference`,
          tier,
          run: () => {
            throw new Error("a function of two tensors needs c.reference((a, b) => …)");
          },
        },
      ];
    }
    return elementwiseChecks({
      op,
      id: this.#id,
      tier,
      rule,
      subject: this.#subject,
      isOperation: this.#arity !== undefined,
      arity: this.#arity ?? reference.length,
      reference,
      integers: this.#integers,
      samples: this.#reference === undefined ? listed?.samples : undefined,
      digits: this.#reference === undefined ? literalDigits : 0,
    });
  }

  /** Examples of an elementwise primitive as a table, which stands in for a reference. */
  #listedElements(): { reference: Reference; samples: readonly number[] } | undefined {
    if (this.#arity !== 1) return undefined;
    const inputs: number[] = [];
    const outputs: number[] = [];
    for (const { operands, expected, isEdge } of this.#examples) {
      const [x] = operands;
      if (isEdge || x === undefined || isTyped(x) || isTyped(expected)) continue;
      inputs.push(...hostArray(x).data);
      outputs.push(...hostArray(expected).data);
    }
    return inputs.length === 0
      ? undefined
      : { reference: tableReference(inputs, outputs), samples: inputs };
  }

  #gradientChecks(operands: readonly Values[], index: number): Check[] {
    const { op } = this.#context;
    const arity = this.#arity ?? this.#reference?.length ?? 1;
    // A composite is tried where its first example is: how many operands it takes is not known.
    const example = this.#reference === undefined && this.#arity === undefined && this.#examples[0];
    const usually = example ? example.operands : usual.slice(0, arity).map((x) => [...x]);
    const chosen = operands.length > 0 ? operands : usually;
    const id = this.#gradients.length > 1 ? `${this.#id} > ${index + 1}` : this.#id;
    const checks = gradientChecks({ id, op, subject: this.#subject, operands: chosen });
    const [a, b] = chosen;
    const isBinary = arity === 2 && this.#arity !== undefined;
    if (!isBinary || !isLine(a) || !isLine(b)) return checks;
    // [2, 1] with [3]: gradients are summed over the axes that were broadcast.
    const column = a.slice(0, 2).map((x) => [x]);
    const broadcast = [column, b.slice(0, 3)];
    const broadcastId = `${id} > broadcast`;
    return [
      ...checks,
      ...gradientChecks({ id: broadcastId, op, subject: this.#subject, operands: broadcast }),
    ];
  }

  #refusal(title: string, type: ErrorType, operands: readonly Values[]): Check {
    const { op, tier } = this.#context;
    const arrays = operands.map(operandOf);
    return {
      id: `${this.#id} > refuses ${title}`,
      tier,
      compiles: true,
      run: (bench) => {
        const run = bench.prepared(this.#subject);
        const made = operandsOn(bench, { operands: arrays, float: "float32" });
        return ensureThrows(() => run(...made), type, op);
      },
    };
  }

  #withoutGradient(): Check[] {
    const { nonDifferentiable, op } = this.#context;
    const operands =
      this.#arity === undefined
        ? this.#examples[0]?.operands
        : usual.slice(0, this.#arity).map((x) => [...x]);
    if (nonDifferentiable === undefined || operands === undefined) return [];
    return [nonDifferentiableCheck({ id: this.#id, op, subject: this.#subject, operands })];
  }
}

/** Matrices for an elementwise function; two of them also broadcast, and one with a number. */
function elementwiseOperands(arity: number): (readonly Values[])[] {
  const [a = [], b = []] = usual;
  const sheets = usual.map((row) => [row, row.toReversed()]);
  return arity === 2 ? [sheets, [[a, b], b], [[a, b], 2]] : arity === 1 ? [[[a, b]]] : [];
}

function isLine(values: Values | undefined): values is readonly Nested[] {
  return Array.isArray(values) && values.length > 2 && typeof values[0] === "number";
}
