import { readFile } from "node:fs/promises";
import * as core from "@chainrule/core";
import * as reference from "@chainrule/core/interpreter";
import { expect, it, vi } from "vitest";
import * as data from "./index.js";

const modules = new Map<string | undefined, Readonly<Record<string, unknown>>>([
  ["@chainrule/core", core],
  ["@chainrule/core/interpreter", reference],
  ["@chainrule/data", data],
]);

it("the example of the README runs, and gives what it says", async () => {
  const readme = await readFile(new URL("../README.md", import.meta.url), "utf8");
  const example = /```ts\n(.*?)```/s.exec(readme)?.[1] ?? "";
  const scope: Record<string, unknown> = { expect };
  const body = example
    .replace(/^import \{ (.*) \} from "(.*)";$/gm, (_, names: string, from: string) => {
      for (const name of names.split(", ")) scope[name] = modules.get(from)?.[name];
      return "";
    })
    .replace(/^(.+); \/\/ => (.+)$/gm, "expect($1).toEqual($2);");
  expect(body.match(/expect\(/g)).toHaveLength(2);

  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  new Function(...Object.keys(scope), body)(...Object.values(scope));
  expect(log).toHaveBeenLastCalledWith([4, 2], [4]);
  log.mockRestore();
});
