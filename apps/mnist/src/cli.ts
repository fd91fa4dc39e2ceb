import process from "node:process";
import { main } from "./main.js";

// `pnpm mnist | head` closes the pipe early: nobody reads on, so there is nothing left to do.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

process.exitCode = await main(process.argv.slice(2), process);
