import { describe, expect, it } from "vitest";
import { asksForHelp, parseOptions, UsageError, usage } from "./options.js";

const defaults = {
  backend: "js",
  model: "mlp",
  epochs: 4,
  batch: 64,
  lr: undefined,
  optimizer: "adam",
  schedule: "cosine",
  seed: 0,
  limit: undefined,
  eager: false,
  explain: false,
  json: false,
};

describe("parseOptions", () => {
  it("has a default for everything", () => {
    expect(parseOptions([])).toEqual(defaults);
  });

  it("trains a convolutional network for two epochs", () => {
    expect(parseOptions(["--model", "cnn"])).toEqual({ ...defaults, model: "cnn", epochs: 2 });
  });

  it("takes every flag, with a space or an equals sign", () => {
    const line =
      "--backend interpreter --model=mlp --epochs 2 --batch=32 --lr 1e-2 --optimizer sgd --schedule constant --seed=7 --limit 100 --eager --json";
    expect(parseOptions(line.split(" "))).toEqual({
      backend: "interpreter",
      model: "mlp",
      epochs: 2,
      batch: 32,
      lr: 0.01,
      optimizer: "sgd",
      schedule: "constant",
      seed: 7,
      limit: 100,
      eager: true,
      explain: false,
      json: true,
    });
  });

  it("takes the dashes that package managers pass on", () => {
    expect(parseOptions(["--", "--epochs", "1"])).toEqual({ ...defaults, epochs: 1 });
  });

  it.each([
    ["--epoch 3", "unknown flag --epoch: expected one of --backend --model --epochs"],
    ["-e 3", "unknown flag -e"],
    ["--constructor 3", "unknown flag --constructor"],
    ["--__proto__ 3", "unknown flag --__proto__"],
    ["--no-json", "unknown flag --no-json"],
    ["--noJson", "unknown flag --noJson"],
    ["train", 'unexpected argument "train"'],
    ["--epochs 1 -- 2", "unexpected argument"],
    ["--epochs", "--epochs needs a value"],
    ["--json=yes", "--json takes no value"],
    ["--backend wasm", '--backend must be one of js, tfjs, gpujs, interpreter: got "wasm"'],
    ["--model rnn", '--model must be one of mlp, cnn: got "rnn"'],
    ["--optimizer Adam", '--optimizer must be one of adam, sgd: got "Adam"'],
    ["--epochs 0", '--epochs must be a whole number from 1 to 10000: got "0"'],
    ["--epochs 1.5", "--epochs must be a whole number"],
    ["--epochs 1e2", "--epochs must be a whole number"],
    ["--batch 60001", "--batch must be a whole number from 1 to 60000"],
    ["--batch -4", "--batch must be a whole number"],
    ["--lr 0", '--lr must be a positive number: got "0"'],
    ["--lr -1", "--lr must be a positive number"],
    ["--lr fast", "--lr must be a positive number"],
    ["--lr 1.2.3", "--lr must be a positive number"],
    ["--lr --json", '--lr must be a positive number: got "--json"'],
    ["--lr=", '--lr must be a positive number: got ""'],
    ["--seed 4294967296", "--seed must be a whole number from 0 to 4294967295"],
    ["--eager --explain", "--explain shows the compiled step, which --eager leaves out"],
    ["--limit 0", "--limit must be a whole number from 1 to 60000"],
  ])("refuses %s", (line, message) => {
    const parse = () => parseOptions(line.split(" "));
    expect(parse).toThrow(UsageError);
    expect(parse).toThrow(message);
  });
});

describe("help", () => {
  it("is asked for in two ways", () => {
    expect(asksForHelp(["--epochs", "1", "--help"])).toBe(true);
    expect(asksForHelp(["-h"])).toBe(true);
    expect(asksForHelp([])).toBe(false);
  });

  it("names every flag, without colours when asked", async () => {
    const text = await usage(false);
    for (const flag of Object.keys(defaults)) expect(text).toContain(`--${flag}`);
    expect(text).not.toContain("\u001b");
  });
});
