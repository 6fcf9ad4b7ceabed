import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SETTINGS } from '../../src/infrastructure/config/settings.ts';
import { sourceFiles } from './source-files.ts';

/** The files that name the port of Platter. */
const DOCUMENTS = [
  ...readdirSync('.').filter((name) => name.endsWith('.md')),
  'docker-compose.yml',
  'Dockerfile',
  ...['docs', 'examples'].flatMap((folder) => readdirSync(folder).map((name) => join(folder, name))),
].filter((path) => /(?:\.(?:md|ya?ml|conf|json)|Dockerfile)$/.test(path));

/** The ports of neighbouring services. */
const NEIGHBOURS = ['5432', '7070'];

/** Returns the `host:port` pairs whose port is neither Platter's nor a neighbour's. */
function unknownPorts(text: string): readonly string[] {
  const hosts = /(?<![\w.-])(?:[a-z][\w-]*(?:\.[\w-]+)+|\d+(?:\.\d+){3}|localhost|\[[\da-f:]+\]):(\d{4,5})\b/g;
  const known = [SETTINGS.PLATTER_PORT.fallback, ...NEIGHBOURS];
  return [...text.matchAll(hosts)].filter(([, port]) => !known.includes(port!)).map(([host]) => host);
}

/**
 * Returns references such as "`storesOf` in `infrastructure/blob-stores.ts`" whose file does not
 * exist or does not contain the name.
 */
function lostNames(text: string): readonly string[] {
  const locations = /`(\w+)`\s(?:in|of)\s`([\w/.-]+\.ts)`/g;
  return [...text.matchAll(locations)]
    .filter(([, name, path]) => !wordsOf(path!).has(name!))
    .map(([location]) => location);
}

function wordsOf(path: string): ReadonlySet<string> {
  const found = [join('src', path), path].find((candidate) => existsSync(candidate));
  return new Set(found === undefined ? [] : readFileSync(found, 'utf8').match(/\w+/g));
}

/** Returns the named source files that do not exist. A name without a folder may be in any. */
function lostFiles(text: string): readonly string[] {
  const named = [...text.matchAll(/`([\w/.-]+\.(?:ts|mjs|js))`/g)].map(([, path]) => path!);
  return named.filter((path) => !existsSync(path) && !SOURCES.some((source) => source.endsWith(`/${path}`)));
}

/**
 * Returns the files and folders, named from the project's root or from `src`, that do not exist.
 */
function lostPaths(text: string): readonly string[] {
  const roots = 'src|tests|docs|bench|examples|domain|application(?!/(?:json|octet-stream))|adapters|infrastructure';
  const named = [...text.matchAll(new RegExp(`\`((?:${roots})/[\\w./-]*)\``, 'g'))].map(([, path]) => path!);
  return named.filter((path) => !existsSync(path) && !existsSync(join('src', path)));
}

const SOURCES = sourceFiles('src', 'tests', 'bench').map(({ path }) => path);

describe.each(DOCUMENTS)('%s', (path) => {
  const text = readFileSync(path, 'utf8');

  it('names the port that Platter listens on', () => {
    expect(unknownPorts(text)).toEqual([]);
  });

  it('names existing files with the contents that it claims', () => {
    expect([...lostFiles(text), ...lostPaths(text), ...lostNames(text)]).toEqual([]);
  });
});

/** Returns the names in code style, of more than one word, that no source file contains. */
function lostIdentifiers(text: string): readonly string[] {
  const named = [...text.matchAll(/`([A-Za-z]+[A-Z]\w*)(?:\.(\w+))?`/g)].flatMap(([, name = '', member = '']) => [
    name,
    member,
  ]);
  return named.filter((name) => name !== '' && !IDENTIFIERS.has(name));
}

const IDENTIFIERS = new Set(sourceFiles('src').flatMap(({ text }) => text.match(/\w+/g) ?? []));

it('The glossary uses names of the code', () => {
  expect(lostIdentifiers(readFileSync('docs/glossary.md', 'utf8'))).toEqual([]);
  expect(lostIdentifiers('`NamedLocks.withLock` and `LostLocks.withLock`, `pool`')).toEqual(['LostLocks']);
});

describe('The checks of documents', () => {
  it('notice a port that is not the default', () => {
    expect(unknownPorts("targets: ['platter.example:8080'] at http://127.0.0.1:8090")).toEqual([
      'platter.example:8080',
    ]);
    expect(unknownPorts('http://[::1]:8091/ and http://localhost:3000')).toEqual(['[::1]:8091', 'localhost:3000']);
  });

  it('notice a missing file, and one without the claimed name', () => {
    expect(lostFiles('see `infrastructure/lost.ts` and `infrastructure/config/config.ts`')).toEqual([
      'infrastructure/lost.ts',
    ]);
    expect(lostPaths('see `src/domain`, `tests/lost/` and `adapters/lost`')).toEqual(['tests/lost/', 'adapters/lost']);
    expect(lostNames('choose it in `storesOf` in `infrastructure/settings.ts`')).toHaveLength(1);
  });
});
