// What a model is made of: one row for every module that computes something, and the totals.

import { type DType, noGrad, Tensor, zeros } from "@chainrule/core";
import type { AnyModule, Module } from "./module.js";

/** One module of a {@link Summary}. */
export interface SummaryRow {
  /** The dotted name; "" for the model itself. */
  readonly name: string;
  /** The name of the class: a minifier shortens it unless told to keep it (esbuild: `keepNames`). */
  readonly type: string;
  /** The shape of its last output; null when not run, or when the output is no tensor. */
  readonly outputShape: readonly number[] | null;
  /** The number of elements of its own parameters; a shared one counts where it is met first. */
  readonly parameters: number;
}

/** How {@link summary} runs the model. */
export interface SummaryOptions {
  /** The dtype of the input of zeros; default "float32". */
  readonly dtype?: DType | undefined;
}

/** The rows and totals of a model; `toString()` and `console.log` show them as a table. */
export class Summary {
  readonly rows: readonly SummaryRow[];
  /** The number of elements of all parameters. */
  readonly total: number;
  /** Of these, the number that training changes. */
  readonly trainable: number;

  constructor(rows: readonly SummaryRow[], total: number, trainable: number) {
    this.rows = rows;
    this.total = total;
    this.trainable = trainable;
  }

  toString(): string {
    const header = ["name", "type", "output shape", "parameters"];
    const cells = this.rows.map(({ name, type, outputShape, parameters }) => [
      name === "" ? "(model)" : name,
      type,
      outputShape === null ? "" : `[${outputShape.join(", ")}]`,
      grouped(parameters),
    ]);
    const hasShapes = this.rows.some((row) => row.outputShape !== null);
    const columns = hasShapes ? [0, 1, 2, 3] : [0, 1, 3];
    const table = [header, ...cells].map((row) => columns.map((column) => row[column] ?? ""));
    const frozen = this.total - this.trainable;
    return [
      ...align(table),
      `total ${grouped(this.total)} parameters${frozen === 0 ? "" : `, ${grouped(frozen)} frozen`}`,
    ].join("\n");
  }
}

// What `console.log` shows in Node.
Object.defineProperty(Summary.prototype, Symbol.for("nodejs.util.inspect.custom"), {
  value: Summary.prototype.toString,
});

/**
 * Lists the modules of `model` with their parameters and, given the shape of an input, their output
 * shapes.
 *
 * With `inputShape` it runs the model once on zeros, in evaluation mode and without recording
 * gradients, and restores the modes.
 *
 * Shapes: `inputShape` includes the batch axis, e.g. [1, 784].
 *
 * @example
 * const model = new Sequential(new Linear(10, 10), new Linear(10, 5), new Linear(5, 1));
 * summary(model).rows.map((row) => row.parameters) // => [110, 55, 6]
 * summary(model).total // => 171
 */
export function summary(model: AnyModule): Summary;
export function summary(
  model: Module<[Tensor], unknown>,
  inputShape: readonly number[],
  options?: SummaryOptions,
): Summary;
export function summary(
  model: AnyModule,
  inputShape?: readonly number[],
  options: SummaryOptions = {},
): Summary {
  const shapes =
    inputShape === undefined
      ? new Map<AnyModule, readonly number[]>()
      : outputShapes(model as Module<[Tensor], unknown>, inputShape, options.dtype);
  const counted = new Set<Tensor>();
  let trainable = 0;
  const rows: SummaryRow[] = [];
  for (const [name, module] of model.namedModules()) {
    const inner = new Set([...module.children()].flatMap((child) => [...child.parameters()]));
    let parameters = 0;
    for (const tensor of module.parameters()) {
      if (inner.has(tensor) || counted.has(tensor)) continue;
      counted.add(tensor);
      parameters += tensor.size;
      if (tensor.requiresGrad) trainable += tensor.size;
    }
    if (parameters === 0 && !module.children().next().done) continue;
    const outputShape = shapes.get(module) ?? null;
    rows.push({ name, type: module.constructor.name, outputShape, parameters });
  }
  const total = rows.reduce((sum, row) => sum + row.parameters, 0);
  return new Summary(rows, total, trainable);
}

/** Runs `model` on zeros and notes the output shape of every module inside. */
function outputShapes(
  model: Module<[Tensor], unknown>,
  inputShape: readonly number[],
  dtype: DType = "float32",
): Map<AnyModule, readonly number[]> {
  const shapes = new Map<AnyModule, readonly number[]>();
  const undo: (() => void)[] = [];
  const first = model.parameters().next().value;
  const input = zeros(
    inputShape,
    first === undefined ? { dtype } : { dtype, backend: first.backend },
  );
  try {
    for (const module of model.modules()) undo.push(watch(module, shapes));
    model.eval();
    noGrad(() => model.forward(input));
  } finally {
    for (const restore of undo) restore();
  }
  return shapes;
}

/** Notes output shapes of `module` from now on; returns what puts it back as it was. */
function watch(module: AnyModule, shapes: Map<AnyModule, readonly number[]>): () => void {
  const { training } = module;
  const own = Object.getOwnPropertyDescriptor(module, "forward");
  const forward = module.forward as (...inputs: unknown[]) => unknown;
  Object.defineProperty(module, "forward", {
    configurable: true,
    value: (...inputs: unknown[]): unknown => {
      const output = forward.apply(module, inputs);
      if (output instanceof Tensor) shapes.set(module, output.shape);
      return output;
    },
  });
  return () => {
    module.training = training;
    if (own === undefined) Reflect.deleteProperty(module, "forward");
    else Object.defineProperty(module, "forward", own);
  };
}

/** Rows of text with their columns aligned, numbers in the last one to the right. */
function align(table: readonly (readonly string[])[]): string[] {
  const widths = (table[0] ?? []).map((_, column) =>
    Math.max(...table.map((row) => row[column]?.length ?? 0)),
  );
  return table.map((row) =>
    row
      .map((cell, column) => {
        const width = widths[column] ?? 0;
        return column === row.length - 1 ? cell.padStart(width) : cell.padEnd(width);
      })
      .join("  "),
  );
}

/** A count with commas between thousands. */
function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}
