// One run from the command line to the exit code.

import { DataLoader, mnist, standardize, TensorDataset } from "@chainrule/data/node";
import { ChainruleError, compile, manualSeed, setBackend, type Tensor } from "chainrule";
import pc from "picocolors";
import { createBackend } from "./backend.js";
import { evaluate } from "./evaluate.js";
import { formatConfusion, formatCount, formatJson, formatSeconds, formatShare } from "./format.js";
import { catchInterrupt } from "./interrupt.js";
import { createModel } from "./model.js";
import { createOptimizer, createScheduler, defaultLr } from "./optimizer.js";
import { asksForHelp, type Options, parseOptions, UsageError, usage } from "./options.js";
import { createReporter, type Output } from "./report.js";
import { trainingStep } from "./step.js";
import { train } from "./train.js";

/** Where a run writes, and what the environment says about colours. */
export interface Surroundings {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Exit codes: done, failed, not understood, stopped by Ctrl-C. */
export const exitCodes = { done: 0, failed: 1, usage: 2, interrupted: 130 } as const;

/** Runs the command line `args` and returns the exit code; failures are told on stderr. */
export async function main(args: readonly string[], surroundings: Surroundings): Promise<number> {
  const { stdout, stderr, env } = surroundings;
  try {
    if (asksForHelp(args)) {
      stdout.write(`${await usage(coloured(stdout, env))}\n`);
      return exitCodes.done;
    }
    return await run(parseOptions(args), surroundings);
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`mnist: ${error.message}\nRun \`pnpm mnist --help\` to see what there is.\n`);
      return exitCodes.usage;
    }
    if (!(error instanceof ChainruleError)) throw error;
    stderr.write(`mnist: ${error.message}\n`);
    return exitCodes.failed;
  }
}

async function run(options: Options, { stdout, stderr, env }: Surroundings): Promise<number> {
  const out = options.json ? stderr : stdout;
  const colours = pc.createColors(coloured(out, env));
  const say = (line: string): boolean => out.write(`${line}\n`);

  setBackend(await createBackend(options.backend));
  manualSeed(options.seed);
  const { train: digits, test: unseen } = await mnist({ limit: options.limit });

  const model = createModel(options.model);
  const lr = options.lr ?? defaultLr[options.optimizer];
  const optimizer = createOptimizer(options.optimizer, model, lr);
  const scaler = standardize(digits.images);
  const batches = new DataLoader(new TensorDataset(digits.images, digits.labels), {
    batchSize: options.batch,
    shuffle: true,
    seed: options.seed,
  });
  const scheduler = createScheduler(options.schedule, optimizer, options.epochs * batches.length);
  say(
    `${options.model} on ${formatCount(digits.labels.data.length)} digits: ${options.optimizer}, ` +
      `lr ${lr} (${options.schedule}), batch ${options.batch}, seed ${options.seed}, backend ${options.backend}`,
  );

  const reporter = createReporter(out, options.epochs);
  const interrupt = catchInterrupt(() => reporter.close());
  try {
    const { signal } = interrupt;
    const prepare = (images: Tensor): Tensor => scaler.apply(images);
    const { epochs } = options;
    const eager = trainingStep(model, optimizer, prepare);
    const compiled = compile(eager, { name: "training step" });
    const trained = await train({
      model,
      step: options.eager ? eager : compiled,
      scheduler,
      batches,
      epochs,
      reporter,
      signal,
    });
    reporter.close();
    if (signal.aborted)
      say(colours.yellow("Stopped. Testing what was learned; Ctrl-C again ends."));
    const diverged = !Number.isFinite(trained.loss);
    if (diverged) stderr.write("mnist: the loss is no number any more. Lower --lr.\n");

    const test = new DataLoader(new TensorDataset(unseen.images, unseen.labels), {
      batchSize: 1000,
    });
    const tested = await evaluate(model, test, prepare);
    say(`\n${formatConfusion(tested.confusion, colours)}\n`);
    const accuracy = colours.bold(formatShare(tested.accuracy));
    const images = formatCount(unseen.labels.data.length);
    say(
      `test accuracy ${accuracy} on ${images} new digits, after ${formatSeconds(trained.seconds)}`,
    );
    if (options.explain) say(`\n${compiled.explain()}`);
    if (options.json) stdout.write(`${formatJson(options.backend, trained, tested)}\n`);
    if (diverged) return exitCodes.failed;
    return signal.aborted ? exitCodes.interrupted : exitCodes.done;
  } finally {
    reporter.close();
    interrupt.release();
  }
}

/** Whether colours may be used: on a terminal that does not say no (https://no-color.org). */
function coloured(output: Output, env: Surroundings["env"]): boolean {
  return output.isTTY === true && (env.NO_COLOR ?? "") === "" && env.TERM !== "dumb";
}
