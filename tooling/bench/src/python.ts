// PyTorch, where it is installed.

import { execFileSync } from "node:child_process";

/** A Python that can import PyTorch. */
export interface Python {
  readonly program: string;
  /** Of PyTorch. */
  readonly version: string;
}

/** The first Python with PyTorch, null when there is none. `CHAINRULE_PYTHON` is tried first. */
export function findPython(): Python | null {
  const programs = [process.env.CHAINRULE_PYTHON, "python3", "/usr/bin/python3"];
  for (const program of programs.filter((each) => each !== undefined)) {
    try {
      const version = execFileSync(
        program,
        ["-c", "import numpy, torch; print(torch.__version__)"],
        {
          encoding: "utf8",
          stdio: ["ignore", "pipe", "ignore"],
        },
      );
      return { program, version: version.trim() };
    } catch {
      // Not there, or without PyTorch: the next one.
    }
  }
  return null;
}
