#!/usr/bin/env node
import { runCommand } from "./run.js";

process.exitCode = await runCommand(process.argv.slice(2), {
  directory: process.cwd(),
  stdout: process.stdout,
  stderr: process.stderr,
});
