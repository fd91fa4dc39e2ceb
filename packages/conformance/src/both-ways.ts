// The ways in which a check runs the function that it is about: as it is, and as a compiled program.

import { withBackend } from "@chainrule/core";
import { compile } from "@chainrule/core/compile";
import type { Bench, Check, Way } from "./check.js";

/** Calls every function as it is. */
export const eager: Way = { compiled: false, prepared: (fn) => fn };

/** The check and, where what it is about can be compiled, the same as a program. */
export function bothWays(check: Check): Check[] {
  if (check.compiles !== true) return [check];
  return [check, { ...check, id: `${check.id}, compiled`, run: (bench) => compiled(check, bench) }];
}

async function compiled(check: Check, bench: Bench): Promise<void> {
  const programs: { dispose(): void }[] = [];
  const way: Way = {
    compiled: true,
    prepared: (fn, others) => {
      // What a check captures it captures on purpose.
      const program = compile(fn, { name: check.id, warn: () => {} });
      programs.push(program);
      // Where functions without tensors among their arguments are recorded.
      const run: typeof fn = (...args) => withBackend(bench.backend, () => program(...args));
      if (others !== undefined) run(...others());
      return run;
    },
  };
  try {
    await check.run({ ...bench, ...way });
  } finally {
    for (const program of programs) program.dispose();
  }
  if (programs.length === 0) throw new Error("runs nothing as a program");
}
