// What may not happen inside a compiled function, and what to do instead.

import { ChainruleError, formatValue } from "../errors.js";

/** A function that cannot be compiled, or a tensor that left one. */
export class CompileError extends ChainruleError {
  override readonly name = "CompileError";
}

/** The error for what is no function to compile. */
export function functionError(got: string): CompileError {
  return new CompileError("compile", "what is compiled must be a function", {
    expected: "a function of tensors",
    got,
    fix: "For a module pass (x) => model.forward(x).",
  });
}

/** The error for options that are none. */
export function optionsError(got: unknown): CompileError {
  return new CompileError(
    "compile",
    "options must be a name and a function that receives warnings",
    {
      expected: '{ name: "step", warn: (text) => … }, or a part of it',
      got: formatValue(got),
    },
  );
}

/** The error for reading elements while a function is recorded. */
export function readError(): CompileError {
  return new CompileError("compile", "elements cannot be read inside a compiled function", {
    expected: "operations on tensors only",
    got: "data(), array() or item(), or a branch that depends on an element",
    fix: "Return the tensor and read it outside; choose between values with where(condition, a, b).",
  });
}

/** The error for an async function. */
export function asyncError(): CompileError {
  return new CompileError("compile", "a compiled function must be synchronous", {
    expected: "a function that returns its results",
    got: "one that returns a promise",
    fix: "Await before or after the call, and compile the synchronous part between.",
  });
}

/** The error for a tensor of a recording that is used after its end. */
export function leakError(where = "a variable or property"): CompileError {
  return new CompileError("compile", "tensors made inside a compiled function must stay inside", {
    expected: "results that are returned",
    got: `one that was kept in ${where}`,
    fix: "Return it from the function: arrays and objects of tensors are results too.",
  });
}

/** The error for a tensor on another backend than the function was recorded for. */
export function backendError(expected: string, got: string): CompileError {
  return new CompileError("compile", "a compiled function runs on one backend", {
    expected: `tensors on "${expected}", where its first argument or the current backend is`,
    got: `an operation on "${got}"`,
    fix: "Pass a tensor of the backend it is meant for, or call it inside withBackend.",
  });
}

/** The error for derivatives of higher order that begin outside. */
export function secondDerivativeError(): CompileError {
  return new CompileError("compile", "through a compiled function one derivative can be taken", {
    expected: "a backward pass without createGraph",
    got: "one that is recorded itself",
    fix: "Take all derivatives inside: compile((x) => grad(grad(fn))(x)).",
  });
}

/** The error for a backward pass that leaves the function through an argument. */
export function outsideGraphError(): CompileError {
  return new CompileError("compile", "a backward pass must end inside the compiled function", {
    expected: "gradients of leaves",
    got: "one that continues in a graph recorded outside",
    fix: "Pass what was computed outside as an argument, and call backward on the result outside.",
  });
}

/** The error for a captured tensor whose memory was given back. */
export function disposedCaptureError(label: string): CompileError {
  return new CompileError("compile", "tensors that a compiled function uses must be alive", {
    expected: `${label} not disposed`,
    got: "one whose dispose() was called",
    fix: "Dispose it after the last call, or compile a new function.",
  });
}

/** The error for two names of one memory that is written to. */
export function aliasError(one: string, other: string): CompileError {
  return new CompileError("compile", "what a compiled function writes must have one name", {
    expected: "arguments that share no memory with what is written",
    got: `${one} and ${other} in the same memory`,
    fix: "Pass x.copy(), or reach the tensor in one way only.",
  });
}

/** The error for results in what is neither array nor object literal. */
export function resultError(kind: string): CompileError {
  return new CompileError("compile", "results must be tensors, or arrays and objects of them", {
    expected: "tensors, numbers, strings, and object literals and arrays of these",
    got: `a ${kind}`,
    fix: "Return plain tensors in object literals and arrays, and make other things of them outside.",
  });
}

/** The error for an array whose elements would be those of the first call in every call. */
export function hostDataError(kind: string): CompileError {
  return new CompileError("compile", "elements that change from call to call must be in tensors", {
    expected: "tensors among the arguments",
    got: `a ${kind}`,
    fix: "Pass tensor(data).",
  });
}

/** The error for what would happen only once, when the function is recorded. */
export function effectError(what: string): CompileError {
  return new CompileError("compile", "effects belong outside of a compiled function", {
    expected: "operations on tensors, which happen in each call",
    got: `${what}, which would happen once`,
    fix: "Do it outside: modules and optimizers are made, generators seeded, rates set and schedulers stepped before or after the call. For random tensors use rand, randn, bernoulli, randint or randperm.",
  });
}
