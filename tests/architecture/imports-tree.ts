import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/**
 * An import, written `src/a/b.ts → src/c/d.ts`, `… → package`, `… → node:module`, or `… → type …`
 * for an import of types only.
 */
export type Import = string;

interface Target {
  readonly name: string;
  readonly typeOnly: boolean;
}

const SOURCE = /^(?:src|tests|console)\//;

function parse(written: Import): { readonly from: string; readonly to: Target } {
  const [from, to] = written.split(' → ');
  if (from === undefined || to === undefined) throw new Error(`"${written}" is not an import`);
  const typeOnly = to.startsWith('type ');
  return { from, to: { name: typeOnly ? to.slice('type '.length) : to, typeOnly } };
}

/** Returns the import as the report names it: by the file that it resolves to. */
export function asReported(written: Import): string {
  const { from, to } = parse(written);
  if (SOURCE.test(to.name) || to.name === 'lost-package') return `${from} → ${to.name}`;
  if (to.name.startsWith('node:')) return `${from} → ${to.name.slice('node:'.length)}`;
  return `${from} → node_modules/${to.name}/index.js`;
}

function statement(from: string, to: Target): string {
  const path = relative(dirname(from), to.name);
  const specifier = SOURCE.test(to.name) ? (path.startsWith('.') ? path : `./${path}`) : to.name;
  return to.typeOnly ? `import type { T } from '${specifier}';` : `import '${specifier}';`;
}

/**
 * Writes a small project below `root`: every file of `imports` with its imports, and the packages,
 * installed and declared.
 */
export async function writeTree(
  root: string,
  imports: readonly Import[],
  packages: Readonly<Record<'dependencies' | 'devDependencies' | 'undeclared', readonly string[]>>,
): Promise<void> {
  const files = new Map<string, string[]>();
  const contentOf = (file: string): string[] => {
    const content = files.get(file) ?? [];
    files.set(file, content);
    return content;
  };
  for (const { from, to } of imports.map(parse)) {
    contentOf(from).push(statement(from, to));
    if (SOURCE.test(to.name)) contentOf(to.name);
  }
  for (const name of Object.values(packages).flat()) {
    files.set(`node_modules/${name}/package.json`, [JSON.stringify({ name, version: '1.0.0', main: 'index.js' })]);
    files.set(`node_modules/${name}/index.js`, []);
  }
  const versions = (names: readonly string[]): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, '1.0.0']));
  files.set('package.json', [
    JSON.stringify({
      name: 'tree',
      type: 'module',
      dependencies: versions(packages.dependencies),
      devDependencies: versions(packages.devDependencies),
    }),
  ]);
  for (const [file, lines] of files) {
    await mkdir(join(root, dirname(file)), { recursive: true });
    await writeFile(join(root, file), lines.map((line) => `${line}\n`).join(''));
  }
}
