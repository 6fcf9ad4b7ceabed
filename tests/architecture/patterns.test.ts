import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, matchesGlob } from 'node:path';
import { z } from 'zod';

const files = ['.', 'src', 'tests', 'bench', 'examples', 'docs', 'console'].flatMap((folder) =>
  existsSync(folder) ? filesIn(folder, folder !== '.') : [],
);

function filesIn(folder: string, recursive: boolean): readonly string[] {
  return readdirSync(folder, { recursive, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

/**
 * Evaluates an expression on `it`, the default export of a module of the project, and returns the
 * result by way of JSON.
 */
function exported(module: string, expression: string): unknown {
  const program = `const { default: it } = await import('./${module}'); console.log(JSON.stringify(${expression}));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' }));
}

/** Returns the globs that match no file. */
function idleGlobs(globs: readonly string[]): readonly string[] {
  return globs.filter((glob) => !files.some((file) => matchesGlob(file, glob)));
}

/**
 * Returns the patterns that match no file, no package and no module of Node. `$1` matches any name.
 */
function idlePatterns(patterns: readonly string[]): readonly string[] {
  return patterns.filter((pattern) => {
    const expression = new RegExp(pattern.replaceAll('$1', '[^/]+'));
    return ![...files, ...packages, ...builtinModules].some((name) => expression.test(name));
  });
}

const packages = readdirSync('node_modules').flatMap((name) =>
  name.startsWith('@')
    ? readdirSync(join('node_modules', name)).map((inner) => `node_modules/${name}/${inner}/`)
    : [`node_modules/${name}/`],
);

const globList = z.array(z.string());
const paths = z.union([z.string(), z.array(z.string())]).default([]);
const side = z.looseObject({ path: paths, pathNot: paths });
const cruiser = z.looseObject({ forbidden: z.array(z.looseObject({ from: side, to: side })) });

describe('The patterns of the linters', () => {
  it('of eslint each match a file', () => {
    const globs = globList.parse(exported('eslint.config.js', 'it.flatMap(({ files }) => (files ?? []).flat())'));
    // The globs of typescript-eslint do not count.
    const own = [...new Set(globs)].filter((glob) => !['**/*.tsx', '**/*.mts', '**/*.cts'].includes(glob));
    expect(own.length).toBeGreaterThan(3);
    expect(idleGlobs(own)).toEqual([]);
  });

  it('of dependency-cruiser each match a file, a package or a module', () => {
    const { forbidden } = cruiser.parse(exported('.dependency-cruiser.mjs', 'it'));
    const patterns = forbidden.flatMap(({ from, to }) => [from.path, from.pathNot, to.path, to.pathNot].flat());
    expect(patterns.length).toBeGreaterThan(50);
    expect(idlePatterns(patterns)).toEqual([]);
  });

  it('are reported if they match nothing', () => {
    expect(idleGlobs(['src/**/*.ts', 'src/infrastructure/lost-*.ts'])).toEqual(['src/infrastructure/lost-*.ts']);
    expect(idlePatterns(['^src/adapters/([^/]+)/', '^src/adapters/lost/', '^(?:node:)?http$'])).toEqual([
      '^src/adapters/lost/',
    ]);
  });
});
