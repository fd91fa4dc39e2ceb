// The command line: what can be asked for, and what is refused.

import { parseArgs, stripVTControlCharacters } from "node:util";
import { type ArgsDef, defineCommand, parseArgs as parseFlags, renderUsage } from "citty";
import { type BackendName, backendNames } from "./backend.js";
import { defaultEpochs, type ModelName, modelNames } from "./model.js";
import {
  type OptimizerName,
  optimizerNames,
  type ScheduleName,
  scheduleNames,
} from "./optimizer.js";

/** What one run does. */
export interface Options {
  readonly backend: BackendName;
  readonly model: ModelName;
  readonly epochs: number;
  /** Images per step. */
  readonly batch: number;
  /** The learning rate; undefined takes the optimizer's own default. */
  readonly lr: number | undefined;
  readonly optimizer: OptimizerName;
  /** How the learning rate goes from its start. */
  readonly schedule: ScheduleName;
  readonly seed: number;
  /** Images used for training, and for testing; undefined takes all. */
  readonly limit: number | undefined;
  /** Runs every operation by itself instead of the step as one program. */
  readonly eager: boolean;
  /** Shows the programs of the step. */
  readonly explain: boolean;
  readonly json: boolean;
}

/** A command line that cannot be followed. */
export class UsageError extends Error {}

const flags = {
  backend: {
    type: "string",
    default: "js",
    valueHint: backendNames.join("|"),
    description: "Where to compute.",
  },
  model: {
    type: "string",
    default: "mlp",
    valueHint: modelNames.join("|"),
    description: "The network.",
  },
  epochs: {
    type: "string",
    valueHint: "N",
    description: `Times through the training images (Default: 4 for mlp, 2 for cnn).`,
  },
  batch: { type: "string", default: "64", valueHint: "N", description: "Images per step." },
  lr: {
    type: "string",
    valueHint: "X",
    description: "Learning rate at the start (Default: 0.002 for adam, 0.02 for sgd).",
  },
  optimizer: {
    type: "string",
    default: "adam",
    valueHint: optimizerNames.join("|"),
    description: "The update rule; sgd has momentum 0.9.",
  },
  schedule: {
    type: "string",
    default: "cosine",
    valueHint: scheduleNames.join("|"),
    description: "How the learning rate goes on: down to 0 along a cosine, or as it is.",
  },
  seed: {
    type: "string",
    default: "0",
    valueHint: "N",
    description: "What weights and order follow from.",
  },
  limit: {
    type: "string",
    valueHint: "N",
    description: "Use only the first N images of each part.",
  },
  eager: {
    type: "boolean",
    default: false,
    description: "Run every operation by itself instead of the compiled step.",
  },
  explain: {
    type: "boolean",
    default: false,
    description: "Show the kernels of the compiled step at the end.",
  },
  json: {
    type: "boolean",
    default: false,
    description: "End with one line of JSON; progress goes to stderr.",
  },
} as const satisfies ArgsDef;

const command = defineCommand({
  meta: { name: "pnpm mnist", description: "Trains a network on handwritten digits." },
  args: flags,
});

/** Whether help was asked for. */
export function asksForHelp(args: readonly string[]): boolean {
  return args.some((arg) => arg === "--help" || arg === "-h");
}

/** The text of `--help`. */
export async function usage(colours: boolean): Promise<string> {
  const text = await renderUsage(command);
  return colours ? text : stripVTControlCharacters(text);
}

/**
 * Reads the command line.
 *
 * Throws: {@link UsageError} for unknown flags, stray words, missing and unusable values.
 */
export function parseOptions(args: readonly string[]): Options {
  // `pnpm mnist -- --epochs 1` passes the dashes on.
  const given = args[0] === "--" ? args.slice(1) : [...args];
  checkFlags(given);
  const values = parseFlags<typeof flags>(given, flags);
  const model = oneOf("model", values.model, modelNames);
  if (values.eager && values.explain)
    throw new UsageError("--explain shows the compiled step, which --eager leaves out");
  return {
    backend: oneOf("backend", values.backend, backendNames),
    model,
    epochs:
      values.epochs === undefined
        ? defaultEpochs[model]
        : wholeNumber("epochs", values.epochs, 1, 10_000),
    batch: wholeNumber("batch", values.batch, 1, 60_000),
    lr: values.lr === undefined ? undefined : positiveNumber("lr", values.lr),
    optimizer: oneOf("optimizer", values.optimizer, optimizerNames),
    schedule: oneOf("schedule", values.schedule, scheduleNames),
    seed: wholeNumber("seed", values.seed, 0, 2 ** 32 - 1),
    limit: values.limit === undefined ? undefined : wholeNumber("limit", values.limit, 1, 60_000),
    eager: values.eager,
    explain: values.explain,
    json: values.json,
  };
}

/** Refuses what the flag parser would pass over in silence. */
function checkFlags(args: string[]): void {
  const options = Object.fromEntries(
    Object.entries(flags).map(([name, { type }]) => [name, { type }] as const),
  );
  const { tokens } = parseArgs({
    args,
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind === "positional") throw new UsageError(`unexpected argument "${token.value}"`);
    if (token.kind === "option-terminator") throw new UsageError('unexpected argument "--"');
    const type = options[token.name]?.type;
    if (type === undefined || !Object.hasOwn(options, token.name)) {
      const known = Object.keys(flags).map((name) => `--${name}`);
      throw new UsageError(`unknown flag ${token.rawName}: expected one of ${known.join(" ")}`);
    }
    if (type === "string" && token.value === undefined)
      throw new UsageError(`--${token.name} needs a value`);
    if (type === "boolean" && token.value !== undefined)
      throw new UsageError(`--${token.name} takes no value`);
  }
}

function oneOf<Name extends string>(flag: string, value: string, names: readonly Name[]): Name {
  const name = names.find((candidate) => candidate === value);
  if (name !== undefined) return name;
  throw new UsageError(`--${flag} must be one of ${names.join(", ")}: got "${value}"`);
}

function wholeNumber(flag: string, value: string, least: number, most: number): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= least && number <= most) return number;
  throw new UsageError(`--${flag} must be a whole number from ${least} to ${most}: got "${value}"`);
}

function positiveNumber(flag: string, value: string): number {
  const number = Number(value);
  if (/^[\d.]+(e[+-]?\d+)?$/i.test(value) && number > 0 && number < Infinity) return number;
  throw new UsageError(`--${flag} must be a positive number: got "${value}"`);
}
