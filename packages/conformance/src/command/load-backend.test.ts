import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadBackend, UsageError } from "./load-backend.js";

let directory = "";

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "load-backend-"));
});

afterEach(() => rm(directory, { recursive: true }));

/** What the factory found in a file makes, in place of a backend. */
async function made(name: string, text: string, factory?: string): Promise<unknown> {
  await writeFile(join(directory, name), text);
  return (await loadBackend(`./${name}`, directory, factory)).make();
}

test.each([
  ["a default export", "a.mjs", "export default () => 1; export const other = () => 2;"],
  ["the only function", "b.mjs", "export const make = () => 1; export const version = 2;"],
  ["the whole of a CommonJS module", "c.cjs", "module.exports = () => 1;"],
  ["the only function of a CommonJS module", "d.cjs", "exports.make = () => 1;"],
  [
    "the default export of a transpiled module",
    "e.cjs",
    "Object.defineProperty(exports, '__esModule', { value: true }); exports.default = () => 1; exports.other = () => 2;",
  ],
  ["a function in a default export", "f.mjs", "export default { make: () => 1, version: 2 };"],
])("the factory is %s", async (_, name, text) => {
  expect(await made(name, text)).toBe(1);
});

test("the factory is the one that is named", async () => {
  expect(await made("a.cjs", "module.exports = { one: () => 1, two: () => 2 };", "two")).toBe(2);
});

test("loseDevice is no factory", async () => {
  await writeFile(
    join(directory, "a.mjs"),
    "export const make = () => 1; export const loseDevice = (backend) => backend.end();",
  );
  const { make, loseDevice } = await loadBackend("./a.mjs", directory);
  expect([make(), typeof loseDevice]).toEqual([1, "function"]);
});

test.each([
  ["a.mjs", "export const a = 1;", "got no function. Name one with --export."],
  ["b.mjs", "export const a = () => 1, b = () => 2;", "got a, b. Name one with --export."],
  ["c.mjs", "export default { compileKernel() {} };", "export the function that makes it"],
  ["d.mjs", "export default Promise.resolve(1);", "got no function"],
  ["e.mjs", "export default (", "cannot load the backend"],
])("%s: %s is refused", async (name, text, message) => {
  const loaded = made(name, text);
  await expect(loaded).rejects.toThrow(UsageError);
  await expect(loaded).rejects.toThrow(message);
});
