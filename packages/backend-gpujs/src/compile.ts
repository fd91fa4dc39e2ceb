// A kernel becomes steps with one stage and one output each; a step is a program of gpu.js.

import {
  type CompiledKernel,
  extentsOf,
  type Kernel,
  type Layout,
  layout,
  type Operand,
  type SplitStep,
  sizeOf,
  splitKernel,
} from "@chainrule/kernel";
import type { DeviceArray, Engine, Program } from "./engine.js";
import { insertThrough } from "./insert.js";
import type { Memory } from "./memory.js";
import { type KernelSource, kernelSource, type RunNumber } from "./source/kernel-source.js";

/** One step and its program. */
interface Compiled {
  readonly step: SplitStep;
  readonly source: KernelSource;
  readonly program: Program;
}

/** Where the elements of an operand of a step are. */
interface Place {
  readonly array: () => DeviceArray;
  readonly layout: Layout;
  readonly offset: number;
}

/** Makes `kernel` ready to run. */
export function compile(kernel: Kernel, engine: Engine, memory: Memory): CompiledKernel {
  const steps = splitKernel(kernel).map(compileStep);
  return {
    run: (inputs, scalars, outputs) => {
      engine.ensureOpen();
      const extents = extentsOf(
        kernel,
        [...inputs, ...outputs].map((operand) => operand.layout),
      );
      if (sizeOf(extents.slice(0, kernel.outer)) === 0) return;
      const temporaries: { array: DeviceArray; layout: Layout }[] = [];
      for (const { step, source, program } of steps) {
        const places = step.inputs.map((from): Place => {
          if ("temporary" in from) {
            const made = temporaries[from.temporary] as { array: DeviceArray; layout: Layout };
            return { array: () => made.array, layout: made.layout, offset: 0 };
          }
          const operand = "input" in from ? inputs[from.input] : outputs[from.output];
          const { buffer, layout, offset } = operand as Operand;
          return { array: () => memory.array(buffer), layout, offset };
        });
        const target = step.output;
        const written =
          "output" in target
            ? (outputs[target.output] as Operand).layout
            : layout(target.axes.map((axis) => extents[axis] ?? 0));
        const stepExtents = extentsOf(step.kernel, [
          ...places.map((place) => place.layout),
          written,
        ]);
        const result = engine.run(
          program,
          source.inputs.map((input) => (places[input] as Place).array()),
          source.numbers.map((number) => numberFor(number, places, scalars, stepExtents)),
          Math.max(1, written.size),
        );
        if ("output" in target) store(engine, memory, outputs[target.output] as Operand, result);
        else temporaries[target.temporary] = { array: result, layout: written };
      }
      for (const { array } of temporaries) engine.release(array);
    },
  };
}

function compileStep(step: SplitStep): Compiled {
  const source = kernelSource(step.kernel);
  const { text, inputs, numbers } = source;
  const program = { name: step.kernel.name, text, arrays: inputs.length, numbers: numbers.length };
  return { step, source, program };
}

function numberFor(
  number: RunNumber,
  places: readonly Place[],
  scalars: readonly number[],
  extents: readonly number[],
): number {
  switch (number.kind) {
    case "extent":
      return extents[number.axis] ?? 0;
    case "stride":
      return places[number.input]?.layout.strides[number.dim] ?? 0;
    case "offset":
      return places[number.input]?.offset ?? 0;
    case "scalar":
      return scalars[number.index] ?? Number.NaN;
    case "constant":
      return number.value;
    default:
      return number satisfies never;
  }
}

/** Writes `fresh`, the elements of `operand` in row-major order, where `operand` says. */
function store(engine: Engine, memory: Memory, operand: Operand, fresh: DeviceArray): void {
  const { buffer, layout, offset } = operand;
  if (layout.contiguous) {
    memory.replace(buffer, offset, layout.size, fresh);
    return;
  }
  memory.put(buffer, insertThrough(engine, memory, operand, fresh));
  engine.release(fresh);
}
