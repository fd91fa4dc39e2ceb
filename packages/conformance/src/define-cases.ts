// The language case files are written in. What a case states is turned into checks; an elementwise
// function gets most of its checks from its reference alone.

import * as core from "@chainrule/core";
import { CompileError, compile } from "@chainrule/core/compile";
import * as linalg from "@chainrule/core/linalg";
import { type CallBuilder, CallCases, type CallContext, type Example } from "./call-cases.js";
import type { Bench, Check, CheckOptions, Tier } from "./check.js";
import { ensureThrows } from "./elementwise/checks.js";
import type { DTypeRule } from "./elementwise/promotion.js";
import { type TorchArgs, type TorchCase, torchCases } from "./fixtures.js";
import { specialValueChecks, torchChecks } from "./torch-checks.js";
import { operandsOn, type Subject } from "./verify.js";

/** The cases of one operation. */
export interface OpCases {
  readonly op: string;
  readonly checks: readonly Check[];
  /** Calls of it, to be tried in other ways than the checks do. */
  readonly examples: readonly Example[];
  /** Whether its gradient is checked. */
  readonly differentiated: boolean;
  /** Why it has no derivative, when it has none. */
  readonly nonDifferentiable: string | undefined;
}

/** What a case file says about an operation; see {@link CallBuilder} for the rest. */
export interface CaseBuilder extends CallBuilder {
  /** Says that the operation is a primitive; known by itself of elementwise ones. */
  primitive(): void;
  /** Which dtypes an elementwise function takes and gives. Default "float". */
  dtypes(rule: DTypeRule): void;
  /** Says that there is no derivative; known by itself of elementwise operations. */
  nonDifferentiable(reason: string): void;
  /** The operation called in another way, such as with an axis. `title` becomes part of the ids. */
  call(title: string, subject: Subject): CallBuilder;
  /**
   * Compares with the results stored for this operation; `adapt` makes the call from its attributes.
   * Elementwise operations without attributes are compared by themselves.
   */
  torch(adapt: (args: TorchArgs, call: string | undefined) => Subject): void;
  /** Anything else: `run` throws when the fact does not hold. */
  check(title: string, run: (bench: Bench) => void | Promise<void>, options?: CheckOptions): void;
  /**
   * Says that the operation reads elements, as its result's shape depends on them: that compiled
   * functions refuse it is checked, and all else is tried as it is only.
   */
  readsElements(): void;
}

interface Exported {
  (...operands: core.Tensor[]): core.Tensor;
  readonly primitive?: core.Primitive;
}

/**
 * The cases of operation `op`. By default the function under test is core's export of that name.
 *
 * @example
 * export default defineCases("softplus", (c) => {
 *   c.forward([-1, 0, 1, 100], [0.3132617, 0.6931472, 1.3132617, 100]);
 *   c.edges([NaN, Infinity, -Infinity], [NaN, Infinity, 0]);
 *   c.gradient();
 * });
 */
export function defineCases(op: string, build: (c: CaseBuilder) => void): OpCases {
  const exported = ({ ...core, ...linalg } as unknown as Record<string, Exported | undefined>)[op];
  const subject: Subject =
    exported ??
    (() => {
      throw new Error(`@chainrule/core exports no operation "${op}"`);
    });
  const vjp = exported?.primitive?.vjp;
  const context: CallContext = {
    op,
    tier: exported?.primitive === undefined ? 2 : 1,
    rule: "float",
    nonDifferentiable:
      vjp !== undefined && "nonDifferentiable" in vjp ? vjp.nonDifferentiable : undefined,
  };
  // Elementwise primitives are functions of as many operands as they have.
  const arity = exported?.primitive === undefined ? undefined : exported.length;
  const own = new CallCases(context, op, subject, arity);
  const calls = [own];
  const others: ((tier: Tier) => Check)[] = [];
  let readsElements = false;
  let adapt: ((stored: TorchCase) => Subject) | undefined =
    arity === undefined ? undefined : () => subject;
  build(
    Object.assign<CallBuilder, Omit<CaseBuilder, keyof CallBuilder>>(own.builder(), {
      primitive: () => {
        context.tier = 1;
      },
      dtypes: (rule: DTypeRule) => {
        context.rule = rule;
      },
      nonDifferentiable: (reason: string) => {
        context.nonDifferentiable = reason;
      },
      call: (title: string, other: Subject) => {
        const made = new CallCases(context, `${op} > ${title}`, other, undefined);
        calls.push(made);
        return made.builder();
      },
      torch: (make: (args: TorchArgs, call: string | undefined) => Subject) => {
        adapt = ({ args, call }) => make(args, call);
      },
      check: (title, run, { compiles = false, ...needs } = {}) => {
        others.push((tier) => ({ id: `${op} > ${title}`, tier, needs, compiles, run }));
      },
      readsElements: () => {
        readsElements = true;
      },
    }),
  );
  // Gradients of results that are promised are only compared with stored ones.
  const stored = adapt === undefined ? [] : torchCases(op);
  const hasStoredGradient = stored.some(({ gradients }) => gradients !== undefined);
  const checks: readonly Check[] = [
    ...calls.flatMap((each) => each.checks()),
    ...(adapt === undefined ? [] : torchChecks(op, context.tier, adapt)),
    ...(arity === undefined ? [] : specialValueChecks(op, context.tier, subject)),
    ...others.map((make) => make(context.tier)),
  ];
  const examples: readonly Example[] = [
    ...calls.flatMap((each) => each.examples),
    ...stored.map((each) => ({
      subject: adapt?.(each) ?? subject,
      operands: each.inputs,
      isEdge: false,
    })),
  ];
  return {
    op,
    checks: readsElements
      ? [
          ...checks.map((each) => ({ ...each, compiles: false })),
          ...examples.slice(0, 1).map((each) => refusedByCompile(op, context.tier, each)),
        ]
      : checks,
    examples,
    differentiated: hasStoredGradient || calls.some((each) => each.differentiated),
    nonDifferentiable: context.nonDifferentiable,
  };
}

function refusedByCompile(op: string, tier: Tier, { subject, operands }: Example): Check {
  const run = (bench: Bench): Promise<void> => {
    const given = operandsOn(bench, { operands, float: "float32" });
    const compiled = compile(subject, { name: op });
    return ensureThrows(() => compiled(...given), CompileError, "compile");
  };
  return { id: `${op} > is refused by compile`, tier, run };
}
