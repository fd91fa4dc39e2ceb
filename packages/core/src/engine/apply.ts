// The one door through which every operation runs: find the plan, run it, record it.

import type { Layout } from "@chainrule/kernel";
import { isFloat } from "@chainrule/kernel";
import { isGradEnabled } from "../autograd/grad-mode.js";
import { type Edge, Node } from "../autograd/node.js";
import { debugLevel, watched } from "../debug/level.js";
import { showOperation } from "../debug/show.js";
import { BackendError, DisposedError, formatValue, InternalError, ValueError } from "../errors.js";
import { type Attrs, type Input, isDifferentiable, type Primitive } from "../op/primitive.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Device } from "./device.js";
import { makePlan, type Plan, PlanTable } from "./plan.js";
import { specKey, specOf } from "./specs.js";
import { Storage } from "./storage.js";
import { copyOf, makeTensor, thisCopy } from "./tensor-class.js";

/**
 * Runs `op` on `inputs`, at least one of which is a tensor; records it when an input needs a
 * gradient.
 */
export function apply<A extends Attrs>(
  op: Primitive<A>,
  inputs: readonly Input[],
  attrs: A,
): Tensor {
  return applyOn(deviceOfInputs(op.name, inputs), op, inputs, attrs);
}

/** {@link apply} on a known device: the only way for operations without a tensor operand. */
export function applyOn<A extends Attrs>(
  device: Device,
  op: Primitive<A>,
  inputs: readonly Input[],
  attrs: A,
): Tensor {
  const start = debugLevel > 1 ? performance.now() : 0;
  const plan = findPlan(device, op, inputs, attrs);
  const handle = device.backend.allocate(plan.output.size, plan.dtype);
  plan.run(inputs, attrs, handle);
  const storage = new Storage(device, handle, plan.dtype, plan.output.size);
  const output = makeTensor(storage, plan.output, 0);
  record(op, inputs, attrs, output, plan);
  if (watched) showOperation(op, inputs, attrs, output, start);
  return output;
}

/**
 * Runs a view operation: the result shares the storage of `x` and sees it through `view`, starting
 * at element `offset` of the storage.
 */
export function applyView<A extends Attrs>(
  op: Primitive<A>,
  x: Tensor,
  view: Layout,
  offset: number,
  attrs: A,
): Tensor {
  const start = debugLevel > 1 ? performance.now() : 0;
  if (x.disposed) throw disposedError(op.name);
  const output = makeTensor(x.storage, view, offset);
  record(op, [x], attrs, output, undefined);
  if (watched) showOperation(op, [x], attrs, output, start);
  return output;
}

function findPlan<A extends Attrs>(
  device: Device,
  op: Primitive<A>,
  inputs: readonly Input[],
  attrs: A,
): Plan {
  let table = device.plans[op.id];
  if (table === undefined) {
    table = new PlanTable();
    device.plans[op.id] = table;
  }
  const plans = table.plans(attrs.key);
  const key = specKey(inputs);
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = (device.planner ?? makePlan)(device, op, inputs, attrs);
    plans.set(key, plan);
  }
  return plan;
}

function record<A extends Attrs>(
  op: Primitive<A>,
  inputs: readonly Input[],
  attrs: A,
  output: Tensor,
  plan: Plan | undefined,
): void {
  if (!isGradEnabled()) return;
  let needed = false;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (typeof input === "object" && input.requiresGrad) needed = true;
  }
  if (!needed || !isFloat(output.storage.dtype) || !isDifferentiable(op)) return;
  const edges = new Array<Edge>(inputs.length);
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i] as Input;
    edges[i] = typeof input === "object" && input.requiresGrad ? (input.node ?? input) : null;
  }
  const specs = plan === undefined ? inputs.map(specOf) : plan.inputs;
  output.node = new Node(op, attrs, edges, specs, inputs, output);
}

function deviceOfInputs(op: string, inputs: readonly Input[]): Device {
  let device: Device | undefined;
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (typeof input === "number") continue;
    ensureTensor(op, input);
    if (input.disposed) throw disposedError(op);
    const own = input.storage.device;
    if (device === undefined) device = own;
    else if (device !== own) throw mixedBackendsError(op, device, own);
  }
  if (device === undefined) {
    throw new InternalError(op, "an operation needs a tensor", {
      expected: "at least one tensor",
      got: `${inputs.length} numbers`,
    });
  }
  return device;
}

/** Throws: {@link ValueError} when `value` is not a tensor of this copy of core. */
export function ensureTensor(op: string, value: unknown): asserts value is Tensor {
  const copy = copyOf(value);
  if (copy === thisCopy) return;
  if (copy !== undefined) {
    throw new BackendError(op, "all tensors must come from one copy of @chainrule/core", {
      expected: `a tensor of the copy at ${thisCopy.location}`,
      got: `a tensor of another copy at ${copy.location}`,
      fix: "Deduplicate: one version of @chainrule/core in node_modules, and let bundlers resolve it once.",
    });
  }
  const isList = Array.isArray(value) && value.some((each) => copyOf(each) !== undefined);
  throw new ValueError(op, "operands must be tensors or numbers", {
    expected: "a tensor or a number",
    got: isList ? `an array of ${value.length} tensors` : formatValue(value),
    fix: isList ? "Pass them one by one." : "Wrap data with tensor(…).",
  });
}

/** The error for a tensor used after `dispose()`. */
export function disposedError(op: string): DisposedError {
  return new DisposedError(op, "a disposed tensor cannot be used", {
    expected: "a live tensor",
    got: "one whose dispose() was called",
    fix: "Dispose it after its last use.",
  });
}

/** The error for operands on the backends of `a` and `b`. */
export function mixedBackendsError(op: string, a: Device, b: Device): BackendError {
  const same = a.backend.name === b.backend.name ? " (two instances)" : "";
  return new BackendError(op, "all operands must be on one backend", {
    expected: `every operand on "${a.backend.name}"`,
    got: `one on "${a.backend.name}" and one on "${b.backend.name}"${same}`,
    fix: "Move one side with await x.to(backend).",
  });
}
