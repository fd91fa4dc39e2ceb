// The way a backend in JavaScript runs a program: one generated function over one arena, with calls of
// the backend's own products and routines between.

import {
  bytesPerElement,
  type CompiledKernel,
  type CompiledProgram,
  type DType,
  extentsOf,
  generateProgram,
  type Program,
  type ProgramCall,
  planMemory,
  type TypedArray,
} from "@chainrule/kernel";
import { showSource } from "../debug/show.js";
import type { Device } from "../engine/device.js";
import { Operands, runOf } from "./by-kernels.js";

/** A buffer of a backend whose memory is typed arrays. */
interface ArrayBox {
  readonly data: TypedArray;
  readonly dtype: DType;
}

/** Compiles `program` to JavaScript that `evaluate` makes a value of. */
export function inJavaScript(
  device: Device,
  program: Program,
  evaluate: (source: string) => unknown,
): CompiledProgram {
  const placement = placeInArena(program);
  const { arena } = placement;
  const operands = new Operands(program);
  const source = generateProgram(program, placement, isNative);
  showSource(program.name, () => source.text);
  const kernels = new Map<string, CompiledKernel>();
  const natives = source.natives.map((index) =>
    runOf(device, program.calls[index] as ProgramCall, operands, kernels),
  );
  const constants = program.buffers.map(({ data }) => data);
  for (const [index, { role, dtype, data }] of program.buffers.entries()) {
    const array =
      role === "constant" ? data : role === "temporary" ? arena[viewOf(dtype)] : undefined;
    if (array === undefined) continue;
    const offset = role === "constant" ? 0 : placement.offsetOf(index) / bytesPerElement(dtype);
    const box: ArrayBox = { data: array, dtype };
    operands.bind(index, box, offset);
  }
  const make = evaluate(source.text) as (
    arena: Arena,
    constants: readonly (TypedArray | undefined)[],
    natives: readonly (() => void)[],
  ) => { bind(index: number, data: TypedArray): void; run(): void };
  const generated = make(arena, constants, natives);
  return {
    bind: (index, buffer, offset) => {
      const { data } = buffer as ArrayBox;
      if (natives.length > 0) operands.bind(index, buffer, offset);
      generated.bind(index, offset === 0 ? data : data.subarray(offset));
    },
    run: generated.run,
    dispose: () => {},
  };
}

/** One memory seen as arrays of each type. */
type Arena = Readonly<Record<ViewName, TypedArray>>;
type ViewName = "f32" | "f64" | "i32" | "u8";

function viewOf(dtype: DType): ViewName {
  switch (dtype) {
    case "float64":
      return "f64";
    case "int32":
      return "i32";
    case "uint8":
    case "bool":
      return "u8";
    default:
      return "f32";
  }
}

/** Where the temporaries of a program lie in one memory. */
function placeInArena(program: Program): {
  readonly bytes: number;
  readonly arena: Arena;
  offsetOf(buffer: number): number;
} {
  const memory = planMemory(program);
  let bytes = 0;
  const starts = memory.slots.map(({ length, dtype }) => {
    const start = bytes;
    bytes += Math.ceil((length * bytesPerElement(dtype)) / 8) * 8;
    return start;
  });
  const buffer = new ArrayBuffer(bytes);
  return {
    bytes,
    arena: {
      f32: new Float32Array(buffer),
      f64: new Float64Array(buffer),
      i32: new Int32Array(buffer),
      u8: new Uint8Array(buffer),
    },
    offsetOf: (index) => starts[memory.slotOf.get(index) ?? -1] ?? 0,
  };
}

/**
 * Whether a call is the backend's own, or a matrix product so large that its packed one is faster
 * than loops.
 */
function isNative(call: ProgramCall): boolean {
  if (call.kind === "own") return true;
  const { contraction } = call.kernel;
  if (contraction === undefined) return false;
  const layouts = [...call.inputs, ...call.outputs].map(({ layout }) => layout);
  const extents = extentsOf(call.kernel, layouts);
  const count = (axes: readonly number[]): number =>
    axes.reduce((all, axis) => all * (extents[axis] ?? 1), 1);
  const [m, n, k] = [count(contraction.m), count(contraction.n), count(contraction.k)];
  return m >= 3 && n >= 2 && k >= 4 && m * n * k >= 512;
}
