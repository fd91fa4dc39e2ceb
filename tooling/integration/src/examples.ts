// Finds the examples of the documentation and runs them. `expr // => value [within tol]` and
// `expr // throws: part of the message` are checks.

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { Tensor } from "chainrule";
import ts from "typescript";
import { repository } from "./repository.js";

/** A piece of code that the documentation shows. */
export interface Example {
  /** The file, from the root of the repository. */
  readonly file: string;
  /** What it is an example of: a symbol, or the heading above it. */
  readonly of: string;
  readonly code: string;
}

/** The `@example`s of a package's sources, tests left out. */
export function jsdocExamples(folder: string): Example[] {
  return readdirSync(join(folder, "src"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .sort()
    .flatMap((file) => examplesOf(join(folder, "src", file)));
}

function examplesOf(path: string): Example[] {
  const source = parse(path, readFileSync(path, "utf8"));
  const found: Example[] = [];
  const visit = (node: ts.Node, owner: string): void => {
    const own = nameOf(node);
    const symbol = own === undefined ? owner : owner === "" ? own : `${owner}.${own}`;
    for (const doc of node.getChildren(source).filter(ts.isJSDoc)) {
      for (const tag of doc.tags ?? []) {
        if (tag.tagName.text !== "example") continue;
        const code = ts.getTextOfJSDocComment(tag.comment) ?? "";
        found.push({ file: relative(repository, path), of: symbol, code });
      }
    }
    ts.forEachChild(node, (child) => visit(child, symbol));
  };
  ts.forEachChild(source, (node) => visit(node, ""));
  return found;
}

function nameOf(node: ts.Node): string | undefined {
  const declared = ts.isVariableStatement(node) ? node.declarationList.declarations[0] : node;
  const named = declared !== undefined && (ts.isStatement(node) || ts.isClassElement(node));
  const name = named && "name" in declared ? (declared.name as ts.Node | undefined) : undefined;
  return name !== undefined && ts.isIdentifier(name) ? name.text : undefined;
}

/** The ts and js blocks of a Markdown text. */
export function markdownExamples(file: string, text: string): Example[] {
  const found: Example[] = [];
  let heading = "";
  for (const [, title, code] of text.matchAll(/^#+ (.+)$|^```(?:ts|js)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else found.push({ file, of: heading, code: code ?? "" });
  }
  return found;
}

type Names = Readonly<Record<string, unknown>>;

/** Runs an example with `scope` in sight; returns how many checks it made. */
export async function runExample(
  code: string,
  scope: Names,
  modules: ReadonlyMap<string, Names>,
): Promise<number> {
  let checks = 0;
  const check = (got: unknown, text: string): void => {
    checks += 1;
    const [, value, tol] = /^(.*?)(?: within (\S+))?$/.exec(text) ?? [];
    const expected: unknown = new Function(`return (${value});`)();
    const problem = difference(plain(got), expected, tol === undefined ? undefined : Number(tol));
    if (problem !== undefined) throw new Error(`${text}: ${problem}`);
  };
  const checkThrows = async (run: () => unknown, text: string): Promise<void> => {
    checks += 1;
    const message = await (async () => run())().then(
      () => "nothing",
      (error: unknown) => String(error),
    );
    if (!message.includes(text.replace(/ ?…$/, "")))
      throw new Error(`throws: ${text}: got ${message}`);
  };
  const load = (name: string): Names => {
    const module = modules.get(name);
    if (module === undefined) throw new Error(`an example imports "${name}"`);
    return new Proxy(module, {
      get(target, key) {
        if (key in target || key === "__esModule") return Reflect.get(target, key);
        throw new Error(`"${name}" exports no ${String(key)}`);
      },
    });
  };
  const given: Names = {
    ...scope,
    require: load,
    exports: {},
    check__: check,
    throws__: checkThrows,
  };
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  await new AsyncFunction(...Object.keys(given), compile(code))(...Object.values(given));
  return checks;
}

/** Turns the checks into calls, then TypeScript into a function body. */
function compile(code: string): string {
  const source = parse("example.ts", code);
  const wanted = code.match(/\/\/ (=>|throws:)/g)?.length ?? 0;
  let checked = 0;
  const lines = source.statements.map((statement) => {
    const [, sign, text] = /\/\/ (=>|throws:) (.*)$/.exec(commentAfter(statement, code)) ?? [];
    if (text === undefined || !ts.isExpressionStatement(statement))
      return statement.getText(source);
    checked += 1;
    const expression = statement.expression.getText(source);
    return sign === "=>"
      ? `check__(await (${expression}), ${JSON.stringify(text)});`
      : `await throws__(() => (${expression}), ${JSON.stringify(text)});`;
  });
  if (checked !== wanted) throw new Error("a check must follow an expression on its own line");
  const { outputText } = ts.transpileModule(lines.join("\n"), {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  // A block, so that an example may declare names that are in sight.
  return `{\n${outputText}\n}`;
}

function commentAfter({ end }: ts.Statement, code: string): string {
  const [range] = ts.getTrailingCommentRanges(code, end) ?? [];
  return range === undefined ? "" : code.slice(range.pos, range.end);
}

function parse(name: string, code: string): ts.SourceFile {
  return ts.createSourceFile(name, code, ts.ScriptTarget.ES2022, true);
}

/** Tensors and typed arrays as nested arrays. */
function plain(value: unknown): unknown {
  if (value instanceof Tensor) return value.arraySync();
  if (ArrayBuffer.isView(value)) return Array.from(value as Float32Array);
  return Array.isArray(value) ? value.map(plain) : value;
}

/**
 * Why `got` is not `expected`, or undefined: numbers to the rounding of float32 (relative 1e-6) or to
 * `tol` (absolute), objects by the properties that are named.
 */
function difference(got: unknown, expected: unknown, tol?: number): string | undefined {
  if (typeof got === "number" && typeof expected === "number") {
    const limit = tol ?? 1e-6 * Math.abs(expected);
    if (Object.is(got, expected) || Math.abs(got - expected) <= limit) return undefined;
  } else if (Array.isArray(got) && Array.isArray(expected) && got.length === expected.length) {
    return got.map((each, i) => difference(each, expected[i], tol)).find((text) => text);
  } else if (isObject(got) && isObject(expected)) {
    const keys = Object.keys(expected);
    return keys.map((key) => difference(plain(got[key]), expected[key], tol)).find((text) => text);
  } else if (isDeepStrictEqual(got, expected)) return undefined;
  return `got ${typeof got === "number" ? got : JSON.stringify(got)}`;
}

function isObject(value: unknown): value is Names {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
