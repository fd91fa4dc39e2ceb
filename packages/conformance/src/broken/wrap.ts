// What broken backends are made of: a good one with its kernels, layouts or memory tampered with.

import type { Backend } from "@chainrule/core";
import {
  type DType,
  type Kernel,
  newArray,
  type Operand,
  type TypedArray,
} from "@chainrule/kernel";

/** Elements at the end of every array, so that a wrong address reads a number and does not throw. */
const slack = 256;

/** Runs another kernel than was asked for. */
export function withKernels(good: Backend, alter: (kernel: Kernel) => Kernel): Backend {
  return broken(good, { compileKernel: (kernel) => good.compileKernel(alter(kernel)) });
}

/** Shows kernels their inputs through other operands than was asked for. */
export function withInputs(
  good: Backend,
  alter: (operand: Operand, index: number, kernel: Kernel) => Operand,
): Backend {
  return broken(good, {
    compileKernel: (kernel) => {
      const compiled = good.compileKernel(anyStrides(kernel));
      return {
        run: (inputs, scalars, outputs) =>
          compiled.run(
            inputs.map((operand, index) => alter(operand, index, kernel)),
            scalars,
            outputs,
          ),
      };
    },
  });
}

/** A good backend with some parts replaced; kernels that are overridden elsewhere are not. */
export function broken(good: Backend, parts: Partial<Backend>): Backend {
  const { routines: _routines, ops: _ops, ...rest } = good;
  return {
    ...rest,
    allocate: (length, dtype) => good.upload(newArray(dtype, length + slack), dtype),
    upload: (data, dtype) => good.upload(extended(data, dtype), dtype),
    ...parts,
  };
}

function extended(data: TypedArray, dtype: DType): TypedArray {
  const longer = newArray(dtype, data.length + slack);
  longer.set(data);
  return longer;
}

/** The kernel without what it knows of the strides of its inputs. */
function anyStrides({ contraction: _note, ...kernel }: Kernel): Kernel {
  return {
    ...kernel,
    inputs: kernel.inputs.map((input) => ({ ...input, strides: input.strides.map(() => "n") })),
  };
}
