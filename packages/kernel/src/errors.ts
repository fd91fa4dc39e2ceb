// A malformed kernel is a fault of whoever built it, never of the user: one error class says so.

/**
 * Thrown when a kernel breaks its own rules; an internal fault of the framework. Each complaint
 * reads `what must hold: expected …, got …`.
 */
export class KernelError extends Error {
  /** The name of the faulty kernel. */
  readonly kernel: string;
  readonly complaints: readonly string[];

  constructor(kernel: string, complaints: readonly string[]) {
    const list = complaints.length === 1 ? ` ${complaints[0]}.` : `\n  ${complaints.join("\n  ")}`;
    const close = complaints.length === 1 ? " " : "\n";
    super(
      `[kernel] "${kernel}":${list}${close}This is a fault of the framework: please report it.`,
    );
    this.name = "KernelError";
    this.kernel = kernel;
    this.complaints = complaints;
  }
}

/** The text of one complaint. */
export function complaint(holds: string, expected: unknown, got: unknown): string {
  return `${holds}: expected ${expected}, got ${got}`;
}
