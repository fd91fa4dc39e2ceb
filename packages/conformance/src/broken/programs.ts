// Programs in plain steps, with a part left open for what goes wrong.

import type { Backend } from "@chainrule/core";
import {
  type BufferHandle,
  type CompiledProgram,
  layout,
  type Operand,
  type Program,
  type ProgramCall,
  type View,
} from "@chainrule/kernel";
import { broken } from "./wrap.js";

/** What a program does otherwise. */
export interface ProgramFault {
  /** The calls as they are run. */
  readonly order?: (calls: readonly ProgramCall[]) => readonly ProgramCall[];
  /** What is bound; undefined for nothing. */
  readonly bind?: (index: number, place: Place) => Place | undefined;
  /** Around a call: runs it by `run`. */
  readonly call?: (call: ProgramCall, outputs: readonly Operand[], run: () => void) => void;
  /** Around all calls: runs them by `run`. */
  readonly all?: (run: () => void, operandOf: (index: number) => Operand) => void;
}

/** A buffer from an element on. */
export interface Place {
  readonly buffer: BufferHandle;
  readonly offset: number;
}

/** A backend whose programs are its kernels one by one; `faultOf` is made for each. */
export function withPrograms(good: Backend, faultOf: (program: Program) => ProgramFault): Backend {
  return broken(good, { compileProgram: (program) => compiled(good, program, faultOf(program)) });
}

function compiled(good: Backend, program: Program, fault: ProgramFault): CompiledProgram {
  const places = new Map<number, Place>();
  const own: BufferHandle[] = [];
  for (const [index, { role, dtype, length, data }] of program.buffers.entries()) {
    if (role !== "temporary" && role !== "constant") continue;
    const buffer = data === undefined ? good.allocate(length, dtype) : good.upload(data, dtype);
    own.push(buffer);
    places.set(index, { buffer, offset: 0 });
  }
  const operand = ({ buffer: index, layout, offset }: View): Operand => {
    const { dtype } = program.buffers[index] ?? {};
    const place = places.get(index);
    if (place === undefined || dtype === undefined) throw new Error(`nothing is bound to ${index}`);
    return { buffer: place.buffer, layout, offset: place.offset + offset, dtype };
  };
  const ordered = fault.order?.(program.calls) ?? program.calls;
  const steps = ordered.map((call): (() => void) => {
    const kernel = call.kind === "kernel" ? good.compileKernel(call.kernel) : undefined;
    return () => {
      const [inputs, outputs] = [call.inputs.map(operand), call.outputs.map(operand)];
      const run = (): void =>
        call.kind === "own" ? call.run(inputs, outputs) : kernel?.run(inputs, [], outputs);
      if (fault.call === undefined) run();
      else fault.call(call, outputs, run);
    };
  });
  const run = (): void => {
    for (const step of steps) step();
  };
  const whole = (index: number): Operand => {
    const length = program.buffers[index]?.length ?? 0;
    return operand({ buffer: index, layout: layout([length]), offset: 0 });
  };
  return {
    bind: (index, buffer, offset) => {
      const place = { buffer, offset };
      const bound = fault.bind === undefined ? place : fault.bind(index, place);
      if (bound !== undefined) places.set(index, bound);
    },
    run: () => (fault.all === undefined ? run() : fault.all(run, whole)),
    dispose: () => {
      for (const buffer of own) good.free(buffer);
    },
  };
}
