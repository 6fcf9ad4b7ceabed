import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { DeclaredLibrary } from '../../application/library/sync-library.ts';
import { requireImportUrl } from '../../domain/imports/import-url.ts';
import type { SourceRules } from '../../domain/imports/source-target.ts';
import type { LibraryEntry, LibrarySource } from '../../domain/library/library-drive.ts';
import type { DeclaredLicence } from '../../domain/library/licence.ts';
import type { Pools } from '../../domain/pools/pool.ts';
import { isFailure } from '../../domain/shared/domain-error.ts';
import type { MediaId } from '../../domain/shared/ids.ts';
import { entryFrom, label, libraryEntry, text } from './library-entry.ts';

const licence = z.strictObject({
  name: label,
  number: z.int().min(1).optional(),
  long_name: label,
  type: label.default('instance'),
  burstable: z.boolean().default(false),
  user_metric: label.default('smp'),
});

const file = z.strictObject({
  licences: z.array(licence).default([]),
  drives: z.array(libraryEntry.extend({ file: text.optional(), copy_of: z.uuid().optional() })).default([]),
});

type Entry = z.output<typeof file>['drives'][number];

/**
 * Reads the library from a YAML file, and adds its faults to `faults`. Relative paths start from
 * the folder of the file, and URLs must follow the rules. Does not open the images.
 */
export async function readLibraryFile(
  path: string,
  pools: Pools,
  rules: SourceRules,
  faults: string[],
): Promise<DeclaredLibrary> {
  const own: string[] = [];
  const parsed = await parseFile(path, own);
  const licences = (parsed?.licences ?? []).map(licenceFrom);
  const entries = (parsed?.drives ?? []).flatMap((entry, at) => {
    const source = sourceOf(entry, dirname(path), rules);
    if (typeof source === 'string') own.push(`drives.${at}: ${source}`);
    const pool = pools.find(({ id, isDefault }) => (entry.pool === undefined ? isDefault : id === entry.pool));
    // A missing default pool is already a fault of the pools file.
    if (pool === undefined && entry.pool !== undefined) own.push(`drives.${at}.pool: there is no pool ${entry.pool}`);
    return typeof source === 'string' || pool === undefined
      ? []
      : [entryFrom(withoutSource(entry, source), source, pool)];
  });
  own.push(...contradictions(licences, entries));
  faults.push(...own.map((fault) => `${path}: ${fault}`));
  return { licences, entries };
}

async function parseFile(path: string, faults: string[]): Promise<z.output<typeof file> | null> {
  // Loaded only with a library file: the parser would slow every start.
  const { parse } = await import('yaml');
  try {
    // An empty file declares an empty library.
    const parsed = file.safeParse(parse(await readFile(path, 'utf8')) ?? {});
    if (parsed.success) return parsed.data;
    faults.push(
      ...parsed.error.issues.map(({ path, message }) =>
        path.length === 0 ? message : `${path.map(String).join('.')}: ${message}`,
      ),
    );
  } catch (error) {
    faults.push(`can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

function licenceFrom({
  name,
  number,
  long_name,
  type,
  burstable,
  user_metric,
}: z.output<typeof licence>): DeclaredLicence {
  return { name, number: number ?? null, longName: long_name, type, burstable, userMetric: user_metric };
}

/** Returns the source of the bytes, or the fault of the entry as a text. */
function sourceOf({ file, copy_of: copied, url }: Entry, folder: string, rules: SourceRules): LibrarySource | string {
  if (file !== undefined && copied !== undefined) return 'must have "file" or "copy_of", not both';
  if (file !== undefined) return { kind: 'file', path: resolve(folder, file) };
  if (copied !== undefined) return { kind: 'media', id: copied.toLowerCase() as MediaId };
  return url === '' ? 'must have "file", "copy_of" or "url", for its bytes' : urlOf(url, rules);
}

function urlOf(url: string, rules: SourceRules): LibrarySource | string {
  try {
    return { kind: 'url', url: requireImportUrl(url, rules) };
  } catch (error) {
    if (!isFailure(error, 'url-invalid')) throw error;
    return `"url": ${error.detail.reason}`;
  }
}

/** The URL of an image may have a secret in it: it is not the page that users see. */
function withoutSource(entry: Entry, { kind }: LibrarySource): Entry {
  return kind === 'url' ? { ...entry, url: '' } : entry;
}

function contradictions(licences: readonly DeclaredLicence[], entries: readonly LibraryEntry[]): string[] {
  const faults: string[] = [];
  const names = licences.map(({ name }) => name);
  for (const name of repeated(names)) faults.push(`licence ${name} is declared twice`);
  for (const number of repeated(licences.flatMap(({ number }) => number ?? []))) {
    faults.push(`number ${number} is given to two licences`);
  }
  for (const id of repeated(entries.flatMap(({ id }) => id ?? []))) faults.push(`uuid ${id} is given to two drives`);
  for (const name of repeated(entries.filter(({ id }) => id === null).map(({ facts }) => facts.name))) {
    faults.push(`two drives are named "${name}": give one of them a uuid, to tell them apart`);
  }
  entries.forEach(({ licences }, at) => {
    for (const need of licences.filter(({ licence }) => !names.includes(licence))) {
      faults.push(`drives.${at}.licences: there is no licence ${need.licence}`);
    }
    for (const name of repeated(licences.map(({ licence }) => licence))) {
      faults.push(`drives.${at}.licences: ${name} is named twice`);
    }
  });
  return faults;
}

function repeated<T>(values: readonly T[]): ReadonlySet<T> {
  const seen = new Set<T>();
  return new Set(values.filter((value) => seen.has(value) || !seen.add(value)));
}
