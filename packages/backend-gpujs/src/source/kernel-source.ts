// A kernel with at most one stage and one output as a gpu.js kernel: one thread for each element of
// the output, in row-major order. Every value is a float, positions too.

import {
  type Expr,
  type Kernel,
  type OperandSpec,
  operandsOf,
  type Stage,
} from "@chainrule/kernel";
import { printCall, printCast } from "./intrinsics.js";

/** A number that a run gives to a kernel. */
export type RunNumber =
  | { readonly kind: "extent"; readonly axis: number }
  | { readonly kind: "stride"; readonly input: number; readonly dim: number }
  | { readonly kind: "offset"; readonly input: number }
  | { readonly kind: "scalar"; readonly index: number }
  | { readonly kind: "constant"; readonly value: number };

/** The text of a kernel: its arguments are the arrays `x0`, `x1`, … and then `numbers`. */
export interface KernelSource {
  readonly text: string;
  /** Which inputs of the kernel are read, in the order of the arrays. */
  readonly inputs: readonly number[];
  readonly numbers: readonly RunNumber[];
}

/** Writes `kernel`, one step of a split kernel. */
export function kernelSource(kernel: Kernel): KernelSource {
  return new Writer(kernel).write();
}

class Writer {
  readonly #kernel: Kernel;
  readonly #lines: string[] = [];
  readonly #inputs: number[] = [];
  readonly #numbers = new Map<string, RunNumber>();
  /** The variable of each node that has one, valid where the writer stands. */
  #names = new Map<Expr, string>();
  #count = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  write(): KernelSource {
    const [output] = this.#kernel.outputs;
    const [stage] = this.#kernel.stages;
    if (output === undefined) throw new TypeError(`${this.#kernel.name} has no output`);
    this.#writePosition();
    if (stage !== undefined) this.#writeStage(stage);
    this.#lines.push(`return ${this.#value(output.value)};`);
    const arrays = this.#inputs.map((_, i) => `x${i}`);
    const parameters = [...arrays, ...this.#numbers.keys()].join(", ");
    const body = this.#lines.map((line) => `  ${line}`).join("\n");
    return {
      text: `function kernel(${parameters}) {\n${body}\n}`,
      inputs: this.#inputs,
      numbers: [...this.#numbers.values()],
    };
  }

  /** The coordinates of the outer axes from the number of the thread. */
  #writePosition(): void {
    const { outer } = this.#kernel;
    if (outer === 0) return;
    let rest = "this.thread.x";
    for (let axis = outer - 1; axis > 0; axis--) {
      const extent = this.#extent(axis);
      this.#lines.push(`const r${axis} = ${rest} * 1;`);
      this.#lines.push(`const q${axis} = quotient(r${axis}, ${extent});`);
      this.#lines.push(`const i${axis} = r${axis} - q${axis} * ${extent};`);
      rest = `q${axis}`;
    }
    this.#lines.push(`const i0 = ${rest} * 1;`);
  }

  #writeStage(stage: Stage): void {
    this.#hoist(stage);
    this.#lines.push(`let total = ${this.#literal(startOf(stage))};`);
    if (isArg(stage)) this.#lines.push("let winner = 0;", "let place = 0;");
    const outside = this.#names;
    this.#names = new Map(outside);
    for (const axis of stage.axes) {
      this.#lines.push(`for (let k${axis} = 0; k${axis} < ${this.#extent(axis)}; k${axis}++) {`);
      this.#lines.push(`const i${axis} = k${axis} * 1;`);
    }
    const value = this.#value(stage.value);
    this.#lines.push(...accumulate(stage, value));
    for (const _ of stage.axes) this.#lines.push("}");
    this.#names = outside;
  }

  /** Writes what the axes of `stage` do not move before its loops; loads stay where they are asked for. */
  #hoist({ axes, value }: Stage): void {
    const moves = new Map<Expr, boolean>();
    const moved = (expr: Expr): boolean => {
      const known = moves.get(expr);
      if (known !== undefined) return known;
      const own = expr.kind === "load" || (expr.kind === "coord" && axes.includes(expr.axis));
      const result = operandsOf(expr).map(moved).includes(true) || own;
      moves.set(expr, result);
      return result;
    };
    const visit = (expr: Expr): void => {
      if (!moved(expr)) this.#value(expr);
      else for (const operand of operandsOf(expr)) visit(operand);
    };
    visit(value);
  }

  /** The text of `expr`; what is computed gets a variable. */
  #value(expr: Expr): string {
    const known = this.#names.get(expr);
    if (known !== undefined) return known;
    const text = this.#text(expr);
    if (expr.kind !== "load" && expr.kind !== "call" && expr.kind !== "cast") return text;
    const name = this.#variable(text);
    this.#names.set(expr, name);
    return name;
  }

  #text(expr: Expr): string {
    switch (expr.kind) {
      case "const":
        return this.#literal(expr.value);
      case "scalar":
        return this.#register(`u${expr.index}`, { kind: "scalar", index: expr.index });
      case "coord":
        return `i${expr.axis}`;
      case "stage":
        return isArg(this.#kernel.stages[0]) ? "winner" : "total";
      case "call": {
        const args = expr.args.map((operand) => this.#value(operand));
        const dtype = expr.args[expr.args.length - 1]?.dtype ?? expr.dtype;
        return printCall(expr.fn, dtype, args);
      }
      case "cast":
        return printCast(this.#value(expr.value), expr.value.dtype, expr.dtype);
      case "load": {
        const array = this.#array(expr.input);
        const address = this.#address(expr.input, expr.index);
        if (expr.guard === undefined || expr.otherwise === undefined) return `${array}[${address}]`;
        // Both sides are computed, so the place must exist in any case.
        const guard = this.#value(expr.guard);
        const safe = this.#variable(`choose(${guard}, ${address}, 0)`);
        return `choose(${guard}, ${array}[${safe}], ${this.#value(expr.otherwise)})`;
      }
      default:
        return expr satisfies never;
    }
  }

  #address(input: number, index: readonly Expr[]): string {
    const { strides } = this.#kernel.inputs[input] as OperandSpec;
    const terms = [this.#register(`o${input}`, { kind: "offset", input })];
    for (const [dim, position] of index.entries()) {
      const stride = strides[dim];
      if (stride === 0) continue;
      const value = this.#value(position);
      const step =
        stride === 1
          ? ""
          : ` * ${this.#register(`s${input}_${dim}`, { kind: "stride", input, dim })}`;
      terms.push(`${value}${step}`);
    }
    return terms.join(" + ");
  }

  #array(input: number): string {
    const known = this.#inputs.indexOf(input);
    return `x${known >= 0 ? known : this.#inputs.push(input) - 1}`;
  }

  #extent(axis: number): string {
    return this.#register(`n${axis}`, { kind: "extent", axis });
  }

  /** Numbers that gpu.js would write wrongly are given at the run: large, infinite, NaN, -0. */
  #literal(value: number): string {
    const plain = Math.abs(value) < 2 ** 24 && !Object.is(value, -0);
    return plain
      ? value < 0
        ? `(${value})`
        : String(value)
      : this.#register(`c${this.#numbers.size}`, { kind: "constant", value });
  }

  #register(name: string, number: RunNumber): string {
    if (!this.#numbers.has(name)) this.#numbers.set(name, number);
    return name;
  }

  #variable(text: string): string {
    const name = `v${this.#count++}`;
    this.#lines.push(`const ${name} = ${text};`);
    return name;
  }
}

function isArg(stage: Stage | undefined): boolean {
  return stage?.reduce === "argmax" || stage?.reduce === "argmin";
}

function startOf({ reduce, value }: Stage): number {
  if (reduce === "sum") return 0;
  if (reduce === "prod") return 1;
  const largest = reduce === "min" || reduce === "argmin";
  switch (value.dtype) {
    case "int32":
      return largest ? 2147483647 : -2147483648;
    case "uint8":
      return largest ? 255 : 0;
    case "bool":
      return largest ? 1 : 0;
    default:
      return largest ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  }
}

/** The lines that take `value` into the result of `stage`. */
function accumulate({ reduce, dtype }: Stage, value: string): string[] {
  switch (reduce) {
    case "sum":
      return [`total = ${printCall("add", dtype, ["total", value])};`];
    case "prod":
      return [`total = ${printCall("mul", dtype, ["total", value])};`];
    case "max":
    case "min":
      return [`total = ${printCall(reduce, dtype, ["total", value])};`];
    default: {
      const better = reduce === "argmax" ? "greaterThanBest" : "lessThanBest";
      return [
        `const better = ${better}(${value}, total);`,
        `total = choose(better, ${value}, total);`,
        "winner = choose(better, place, winner);",
        "place = place + 1;",
      ];
    }
  }
}
