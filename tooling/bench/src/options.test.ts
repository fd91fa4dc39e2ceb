import { expect, it } from "vitest";
import { isNamed, readOptions, UsageError } from "./options.js";

const ids = ["w1/b32", "w1/b64", "w2"];
const read = (line: string) => readOptions(line.split(" ").filter(Boolean), ids);
const namesOf = (line: string) => read(line)?.engines.map(({ name }) => name);

it("a name stands for all that begin with it, up to a slash", () => {
  expect(isNamed("w1/b64", ["w1"])).toBe(true);
  expect(isNamed("w1/b64", ["w1/b64"])).toBe(true);
  expect(isNamed("w1/b64", ["w1/b6"])).toBe(false);
  expect(isNamed("w1/b64", ["w2"])).toBe(false);
  expect(isNamed("w1/b64", null)).toBe(true);
});

it("ours is always there", () => {
  expect(namesOf("--peers none")).toEqual(["chainrule-eager"]);
  expect(namesOf("--peers jax-js,tfjs-cpu")).toEqual(["chainrule-eager", "tfjs-cpu", "jax-js"]);
  expect(namesOf("")?.length).toBeGreaterThan(5);
});

it("--help is null", () => {
  expect(read("--help")).toBeNull();
});

it.each([
  ["--only w9", 'no workload "w9"'],
  ["--peers torch", 'no engine "torch"'],
  ["--rounds 1.5", '--rounds must be a positive whole number, not "1.5"'],
  ["--seconds 0", '--seconds must be a positive number, not "0"'],
  ["--json /nowhere/file", "cannot write"],
  ["--fast", "Unknown option"],
])("%s is refused", (line, text) => {
  expect(() => read(line)).toThrow(UsageError);
  expect(() => read(line)).toThrow(text);
});
