// Reads what the operation files export, through the compiler's parser.

import { readFileSync } from "node:fs";
import ts from "typescript";
import type { FamilyFile } from "./source-files.js";

/** A name an operation file exports to users. */
export interface OpExport {
  readonly name: string;
  /** Whether it exists at compile time only. */
  readonly isType: boolean;
  /** The method of Tensor it becomes, when its doc comment carries `@method`. */
  readonly method: string | undefined;
}

/** The exports of each operation file, sorted by name; those marked `@internal` or `@apart` are left out. */
export function opExports(files: readonly FamilyFile[]): Map<FamilyFile, OpExport[]> {
  return new Map(
    files.map((file) => {
      const text = readFileSync(file.path, "utf8");
      const source = ts.createSourceFile(file.path, text, ts.ScriptTarget.Latest, true);
      const exports = source.statements
        .filter((node) => ts.canHaveModifiers(node) && isExported(node))
        .flatMap((node) => describe(node, source));
      return [file, exports.sort((a, b) => (a.name < b.name ? -1 : 1))];
    }),
  );
}

function isExported(node: ts.HasModifiers): boolean {
  return node.modifiers?.some((each) => each.kind === ts.SyntaxKind.ExportKeyword) ?? false;
}

function describe(node: ts.Statement, source: ts.SourceFile): OpExport[] {
  const tags = ts.getJSDocTags(node).map((tag) => tag.tagName.text);
  if (tags.includes("internal") || tags.includes("apart")) return [];
  const isMethod = tags.includes("method");
  if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) {
    return [{ name: node.name.text, isType: true, method: undefined }];
  }
  if (ts.isFunctionDeclaration(node) && node.name !== undefined) {
    const name = node.name.text;
    return [
      { name, isType: false, method: isMethod ? functionMethod(name, node, source) : undefined },
    ];
  }
  if (ts.isVariableStatement(node)) {
    return node.declarationList.declarations.map((declaration) => {
      const name = declaration.name.getText(source);
      const kind = declaration.type?.getText(source) ?? "";
      return {
        name,
        isType: false,
        method: isMethod ? `${summary(node)}${constantMethod(name, kind)}` : undefined,
      };
    });
  }
  return [];
}

/** The first sentence of the doc comment, as the comment of the method. */
function summary(node: ts.Node): string {
  const [doc] = ts.getJSDocCommentsAndTags(node).filter(ts.isJSDoc);
  const text = typeof doc?.comment === "string" ? doc.comment : "";
  const sentence = /^[\s\S]*?[.:](?=\s|$)/.exec(text)?.[0].replace(/\s+/g, " ").replace(/:$/, ".");
  return sentence === undefined ? "" : `/** ${sentence} */\n`;
}

/** Methods of operations that are constants: the annotation says their kind. */
function constantMethod(name: string, kind: string): string {
  const unary = `return ops.${name}(this);`;
  const binary = `return ops.${name}<Tensor<D>, B>(this, other);`;
  switch (kind) {
    case "UnaryFloatOp":
      return `${name}(): Tensor<FloatOf<D>> { return ops.${name}<D>(this); }`;
    case "UnaryOp":
      return `${name}(): Tensor<D> { return ops.${name}<D>(this); }`;
    case "UnaryBoolOp":
      return `${name}(): Tensor<"bool"> { ${unary} }`;
    case "BinaryOp":
      return `${name}<B extends Input>(other: B): Tensor<With<D, B>> { ${binary} }`;
    case "BinaryFloatOp":
      return `${name}<B extends Input>(other: B): Tensor<FloatOf<With<D, B>>> { ${binary} }`;
    case "BinaryBoolOp":
      return `${name}(other: Input): Tensor<"bool"> { return ops.${name}(this, other); }`;
    default:
      throw new Error(
        `${name}: a constant with @method needs the type of an operation, not "${kind}"`,
      );
  }
}

/** The method of a function: without its first parameter, whose dtype is that of the tensor. */
function functionMethod(name: string, node: ts.FunctionDeclaration, source: ts.SourceFile): string {
  const [first, ...rest] = node.parameters;
  const own = /^Tensor<(\w+)>$/.exec(first?.type?.getText(source) ?? "")?.[1];
  const rename = (text: string): string =>
    own === undefined ? text : text.replace(new RegExp(`\\b${own}\\b`, "g"), "D");
  const generics = (node.typeParameters ?? [])
    .filter((parameter) => parameter.name.text !== own)
    .map((parameter) => parameter.getText(source));
  const declared = rest.map((parameter) => rename(parameter.getText(source)));
  const passed = rest.map((p) => `${p.dotDotDotToken ? "..." : ""}${p.name.getText(source)}`);
  const result = rename(node.type?.getText(source) ?? "void");
  const parameters = generics.length > 0 ? `<${generics.join(", ")}>` : "";
  return `${summary(node)}${name}${parameters}(${declared.join(", ")}): ${result} { return ops.${name}(${["this", ...passed].join(", ")}); }`;
}
