import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A file of the program or its tests, parsed. */
export interface SourceFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly syntax: ts.SourceFile;
}

export function parsed(path: string, text: string): SourceFile {
  return { path, text, syntax: ts.createSourceFile(path, text, ts.ScriptTarget.Latest) };
}

/** Files that a command of the project writes. */
const WRITTEN: readonly string[] = ['src/client/api/v1.d.ts'];

/** Returns every TypeScript file below these folders of the project that people write. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !WRITTEN.includes(path))
      .map((path) => parsed(path, readFileSync(path, 'utf8'))),
  );
}

function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  node.forEachChild((child) => walk(child, visit));
}

function declaredName(node: ts.Node): ts.Node | undefined {
  if (
    ts.isClassDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isFunctionDeclaration(node)
  )
    return node.name;
  const value = ts.isVariableDeclaration(node) ? node.initializer : undefined;
  return value && (ts.isArrowFunction(value) || ts.isFunctionExpression(value) || ts.isClassExpression(value))
    ? (node as ts.VariableDeclaration).name
    : undefined;
}

/**
 * Returns the names of all classes, types and functions that the file declares, at any depth,
 * without methods.
 */
export function declaredNames({ syntax }: SourceFile): readonly string[] {
  const names: string[] = [];
  walk(syntax, (node) => {
    const name = declaredName(node);
    if (name && ts.isIdentifier(name)) names.push(name.text);
  });
  return names;
}

/** Returns the identifiers and literal texts of the file, without comments. */
export function spokenTexts({ syntax }: SourceFile): readonly string[] {
  const texts: string[] = [];
  walk(syntax, (node) => {
    if (
      ts.isIdentifier(node) ||
      ts.isPrivateIdentifier(node) ||
      ts.isLiteralExpression(node) ||
      ts.isTemplateMiddleOrTemplateTail(node)
    ) {
      texts.push(node.text);
    }
    if (ts.isTemplateHead(node)) texts.push(node.text);
  });
  return texts;
}

/** A comment, with its marks, and where it begins. */
export interface Comment {
  readonly text: string;
  readonly position: number;
}

/** All comments of the file, in their order. */
export function commentsOf({ text, syntax }: SourceFile): readonly Comment[] {
  const found = new Map<number, Comment>();
  const collect = (ranges: readonly ts.CommentRange[] | undefined): void => {
    for (const { pos, end } of ranges ?? []) found.set(pos, { text: text.slice(pos, end), position: pos });
  };
  walk(syntax, (node) => {
    collect(ts.getLeadingCommentRanges(text, node.getFullStart()));
    collect(ts.getTrailingCommentRanges(text, node.getEnd()));
  });
  return [...found.values()].sort((one, other) => one.position - other.position);
}

/** Every name that the file declares: of types, functions, members, parameters and variables. */
export function identifiersOf({ syntax }: SourceFile): readonly string[] {
  const names: string[] = [];
  walk(syntax, (node) => {
    const name = ts.isPropertyAccessExpression(node) ? undefined : (node as { readonly name?: ts.Node }).name;
    if (name && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name))) names.push(name.text);
  });
  return names;
}

/** Returns the modules of `export … from` declarations. */
export function passedOn({ syntax }: SourceFile): readonly string[] {
  return syntax.statements.flatMap((statement) =>
    ts.isExportDeclaration(statement) && statement.moduleSpecifier && ts.isStringLiteral(statement.moduleSpecifier)
      ? [statement.moduleSpecifier.text]
      : [],
  );
}

/**
 * Returns the methods with a parameter of type `Caller` that begin a unit of work without a caller:
 * with `run`, `read` or `search` of `this.#work` itself.
 */
export function unattributedWork({ syntax }: SourceFile): readonly string[] {
  const methods: string[] = [];
  walk(syntax, (node) => {
    if (!ts.isMethodDeclaration(node)) return;
    const hasCaller = node.parameters.some(({ type }) => type?.getText(syntax).split(' | ')[0] === 'Caller');
    const isUnattributed = /\bthis\.#work\s*\.(?:run|read|search)\(/.test(node.getText(syntax));
    if (hasCaller && isUnattributed) methods.push(node.name.getText(syntax));
  });
  return methods;
}

/** Returns what reads all services: spreads, rest elements and `Object.values`. */
export function wholeServices({ syntax }: SourceFile): readonly string[] {
  const isServices = (node: ts.Node | undefined): boolean =>
    node !== undefined && ts.isIdentifier(node) && /^(?:services|dependencies)$/.test(node.text);
  const hasRest = (name: ts.BindingName): boolean =>
    ts.isObjectBindingPattern(name) && name.elements.some(({ dotDotDotToken }) => dotDotDotToken !== undefined);
  const isOfServices = (type: ts.TypeNode | undefined): boolean =>
    /^(?:Services|\w*Dependencies)$/.test(type?.getText(syntax) ?? '');
  const found: string[] = [];
  walk(syntax, (node) => {
    const isWhole =
      (ts.isSpreadAssignment(node) && isServices(node.expression)) ||
      (ts.isVariableDeclaration(node) && isServices(node.initializer) && hasRest(node.name)) ||
      (ts.isParameter(node) && isOfServices(node.type) && hasRest(node.name)) ||
      (ts.isCallExpression(node) &&
        /^Object\.(?:values|entries|assign)$/.test(node.expression.getText(syntax)) &&
        node.arguments.some(isServices));
    if (isWhole) found.push(node.getText(syntax));
  });
  return found;
}

/**
 * Splits a name into words: `UploadMedia`, `uploadMedia`, `upload_media` and `upload-media` become
 * `upload media`.
 */
export function inWords(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .join(' ')
    .toLowerCase();
}
