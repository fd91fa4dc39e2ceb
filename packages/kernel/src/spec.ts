// What a well-formed kernel is, as executable checks. Every rewrite is checked in tests; whoever
// lowers an operation may call it while developing.

import { verifyContraction } from "./contraction.js";
import { convertNumber, kindOf } from "./dtype.js";
import { complaint, KernelError } from "./errors.js";
import { type Call, type Expr, type Load, walk } from "./expr.js";
import { intrinsicInfo } from "./intrinsics.js";
import { type Kernel, operandAt } from "./kernel.js";

/**
 * Checks that `kernel` keeps every rule of the IR.
 *
 * Throws: {@link KernelError} that lists all violations.
 *
 * @example
 * checkKernel({ ...kernel, outputs: [] }) // throws: number of outputs must be positive: …
 */
export function checkKernel(kernel: Kernel): void {
  const complaints: string[] = [];
  const check: Check = {
    kernel,
    equal: (holds, expected, got) => {
      if (expected !== got) complaints.push(complaint(holds, expected, got));
    },
    that: (condition, holds, expected, got) => {
      if (!condition) complaints.push(complaint(holds, expected, got));
    },
  };
  checkAxes(check);
  checkStages(check);
  checkOutputs(check);
  if (kernel.contraction !== undefined)
    complaints.push(...verifyContraction(kernel, kernel.contraction));
  if (complaints.length > 0) throw new KernelError(kernel.name, complaints);
}

interface Check {
  readonly kernel: Kernel;
  equal(holds: string, expected: unknown, got: unknown): void;
  that(condition: boolean, holds: string, expected: unknown, got: unknown): void;
}

function checkAxes({ kernel, equal, that }: Check): void {
  const { axes, outer, stages } = kernel;
  that(outer >= 0 && outer <= axes.length, "outer must count axes", `0 to ${axes.length}`, outer);
  for (const [axis, extent] of axes.entries()) {
    if (typeof extent === "number") {
      const isCount = Number.isInteger(extent) && extent >= 0;
      that(isCount, `extent of axis ${axis} must be a count`, "an integer ≥ 0", extent);
    } else {
      const known = extent.operand < kernel.inputs.length + kernel.outputs.length;
      const rank = known ? operandAt(kernel, extent.operand).strides.length : 0;
      const got = `operand ${extent.operand} dim ${extent.dim}`;
      that(extent.dim < rank, `extent of axis ${axis} must exist`, "a dim of an operand", got);
    }
    if (axis < outer) continue;
    const owners = stages.flatMap((stage) => stage.axes.filter((owned) => owned === axis));
    equal(`axis ${axis} must belong to one stage`, 1, owners.length);
  }
}

function checkStages(check: Check): void {
  const { kernel, equal, that } = check;
  for (const [s, stage] of kernel.stages.entries()) {
    const where = `stages[${s}]`;
    for (const axis of stage.axes) {
      const own = axis >= kernel.outer && axis < kernel.axes.length;
      that(
        own,
        `${where}.axes must be inner`,
        `${kernel.outer} to ${kernel.axes.length - 1}`,
        axis,
      );
    }
    const isArg = stage.reduce === "argmax" || stage.reduce === "argmin";
    equal(`${where}.dtype must follow its value`, isArg ? "int32" : stage.value.dtype, stage.dtype);
    const isSum = stage.reduce === "sum" || stage.reduce === "prod";
    that(
      !isSum || kindOf(stage.dtype) !== "bool",
      `${where}.reduce must suit its dtype`,
      "numbers",
      stage.dtype,
    );
    checkExpr(check, `${where}.value`, stage.value, stage.axes, s);
  }
}

function checkOutputs(check: Check): void {
  const { kernel, equal, that } = check;
  that(kernel.outputs.length > 0, "number of outputs must be positive", "at least 1", 0);
  const overwritten = kernel.outputs.flatMap((output) => output.aliases ?? []);
  equal("outputs must alias distinct inputs", overwritten.length, new Set(overwritten).size);
  for (const [o, output] of kernel.outputs.entries()) {
    const where = `outputs[${o}]`;
    equal(`${where} must have the rank of the outer axes`, kernel.outer, output.strides.length);
    equal(`${where}.dtype must be that of its value`, output.value.dtype, output.dtype);
    checkExpr(check, `${where}.value`, output.value, [], kernel.stages.length);
    if (output.aliases !== undefined) {
      const dtype = kernel.inputs[output.aliases]?.dtype;
      equal(`${where}.aliases must be an input of its dtype`, output.dtype, dtype);
    }
  }
}

/** Checks every node below `root`, which may use the outer axes, `axes` and stages before `stages`. */
function checkExpr(
  check: Check,
  where: string,
  root: Expr,
  axes: readonly number[],
  stages: number,
): void {
  const { kernel, equal, that } = check;
  walk([root], (expr) => {
    switch (expr.kind) {
      case "const": {
        const stored =
          kindOf(expr.dtype) === "float" ? expr.value : convertNumber(expr.value, expr.dtype);
        that(
          Object.is(stored, expr.value),
          `${where}: constant must be a ${expr.dtype}`,
          stored,
          expr.value,
        );
        return;
      }
      case "scalar":
        equal(
          `${where}: scalar ${expr.index} must have its dtype`,
          kernel.scalars[expr.index],
          expr.dtype,
        );
        return;
      case "coord": {
        const visible = [...Array(kernel.outer).keys(), ...axes];
        that(
          visible.includes(expr.axis),
          `${where}: axis must be visible`,
          `one of ${visible}`,
          expr.axis,
        );
        return;
      }
      case "stage": {
        that(expr.stage < stages, `${where}: stage must be earlier`, `below ${stages}`, expr.stage);
        equal(
          `${where}: stage ${expr.stage} must have its dtype`,
          kernel.stages[expr.stage]?.dtype,
          expr.dtype,
        );
        return;
      }
      case "load":
        return checkLoad(check, where, expr);
      case "call":
        return checkCall(check, where, expr);
      case "cast":
        return;
      default:
        expr satisfies never;
    }
  });
}

function checkLoad({ kernel, equal, that }: Check, where: string, load: Load): void {
  const at = `${where}: load of input ${load.input}`;
  const input = kernel.inputs[load.input];
  equal(`${at} must have its dtype`, input?.dtype, load.dtype);
  equal(`${at} must have an index per dimension`, input?.strides.length, load.index.length);
  for (const index of load.index) equal(`${at} must have integer indices`, "int32", index.dtype);
  const isWhole = (load.guard === undefined) === (load.otherwise === undefined);
  that(isWhole, `${at} must have guard and otherwise together`, "both or none", "one");
  if (load.guard !== undefined) equal(`${at}: guard must be bool`, "bool", load.guard.dtype);
  if (load.otherwise !== undefined)
    equal(`${at}: otherwise must have its dtype`, load.dtype, load.otherwise.dtype);
  if (!kernel.outputs.some((output) => output.aliases === load.input)) return;
  const isIdentity =
    load.index.length === kernel.outer &&
    load.index.every((index, d) => index.kind === "coord" && index.axis === d);
  that(
    isIdentity,
    `${at} must be at the outer position, as it is overwritten`,
    "the coordinates",
    "another index",
  );
}

function checkCall({ equal, that }: Check, where: string, call: Call): void {
  const at = `${where}: ${call.fn}`;
  const { arity, operands, result } = intrinsicInfo(call.fn);
  equal(`${at} must have its arity`, arity, call.args.length);
  const dtypes = call.args.map((arg) => arg.dtype);
  if (call.fn === "select") equal(`${at} must choose by a bool`, "bool", dtypes.shift());
  const [dtype = call.dtype] = dtypes;
  equal(`${at} must have operands of one dtype`, dtypes.map(() => dtype).join(), dtypes.join());
  equal(`${at} must have its dtype`, result === "bool" ? "bool" : dtype, call.dtype);
  const kind = kindOf(dtype);
  const suits =
    operands === "any" || operands === kind || (operands === "number" && kind !== "bool");
  that(suits, `${at} must have operands that suit it`, operands, dtype);
}
