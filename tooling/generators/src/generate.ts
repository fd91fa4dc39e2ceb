// pnpm generate: writes the files that follow from the hand-written ones.
// pnpm generate --check: writes nothing and fails where one of them is out of date.

import { parseArgs } from "node:util";
import { type OpExport, opExports } from "./op-exports.js";
import { camelCase, type FamilyFile, familyFiles, format, read, write } from "./source-files.js";

const header = "// Written by `pnpm generate` from the files beside it; do not edit.\n\n";
/** Where tensor.ts names the types its methods take from the operations. */
const typeImport = /import type \{[^}]*\} from "\.\.\/ops\/index\.js";/;
const methodMarkers = ["// <generated methods>", "// </generated methods>"] as const;
/** The type of a conformance case file's default export, as the case list imports it. */
const caseType = { name: "OpCases", from: "../define-cases.js" };

/** Every generated file with the text it should have. */
export function generatedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  const ops = opExports(familyFiles("packages/core/src/ops"));
  if (ops.size > 0) files.set("packages/core/src/ops/index.ts", barrel(ops));

  const cases = familyFiles("packages/conformance/src/cases");
  if (cases.length > 0) files.set("packages/conformance/src/cases/index.ts", caseList(cases));

  const tensorFile = "packages/core/src/tensor/tensor.ts";
  const tensor = read(tensorFile);
  if (tensor !== undefined) files.set(tensorFile, withMethods(tensor, [...ops.values()].flat()));

  for (const [file, text] of files) files.set(file, format(file, text));
  return files;
}

function barrel(ops: Map<FamilyFile, OpExport[]>): string {
  const lines = [...ops].flatMap(([file, exports]) => {
    if (exports.length === 0) return [];
    const names = exports.map((item) => (item.isType ? `type ${item.name}` : item.name));
    return `export { ${names.join(", ")} } from "./${file.family}/${file.name}.js";\n`;
  });
  return header + lines.join("");
}

function caseList(files: readonly FamilyFile[]): string {
  const names = files.map((file) => camelCase(`${file.family}-${file.name}`));
  const imports = files.map(
    (file, i) => `import ${names[i]} from "./${file.family}/${file.name}.js";\n`,
  );
  return `${header}import type { ${caseType.name} } from "${caseType.from}";
${imports.join("")}
/** The cases of every operation. */
export const cases: readonly ${caseType.name}[] = [${names.join(", ")}];
`;
}

/** `tensor.ts` with one method for each marked export between the markers, and the types they need. */
function withMethods(text: string, exports: readonly OpExport[]): string {
  const [open, close] = methodMarkers;
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`tensor.ts lacks "${open}" … "${close}"`);
  const methods = exports
    .filter((item) => item.method !== undefined)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((item) => item.method);
  const body = methods.join("\n\n");
  const written = `${text.slice(0, start + open.length)}\n${body}\n${text.slice(end)}`;
  const types = exports.filter(
    ({ isType, name }) => isType && new RegExp(`\\b${name}\\b`).test(body),
  );
  const names = [...new Set(types.map(({ name }) => name))].sort().join(", ");
  return written.replace(typeImport, `import type { ${names} } from "../ops/index.js";`);
}

if (import.meta.filename === process.argv[1]) {
  const { check } = parseArgs({ options: { check: { type: "boolean" } } }).values;
  const stale = [...generatedFiles()].filter(([file, text]) => read(file) !== text);
  for (const [file, text] of stale) {
    if (!check) write(file, text);
    console.log(`${check ? "out of date" : "wrote"}: ${file}`);
  }
  if (check && stale.length > 0) {
    console.log("Run `pnpm generate`.");
    process.exitCode = 1;
  }
}
