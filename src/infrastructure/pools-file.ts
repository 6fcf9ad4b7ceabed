import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Pool } from '../domain/pools/pool.ts';
import type { PoolId } from '../domain/shared/ids.ts';
import { requireName } from '../domain/shared/name.ts';
import { byteCount } from './byte-count.ts';

/** A pool and where its bytes lie. */
export interface ConfiguredPool extends Pool {
  /** Absolute. */
  readonly path: string;
}

/** The storage type of a pool that names none (cloudsigma.md, "Drives"). */
const STORAGE_TYPE = 'dssd';

const name = z.string().refine(isName, 'must have 1 to 255 bytes and no control characters');

const entry = z.strictObject({
  mpid: z.int().min(0),
  name,
  path: z.string().min(1),
  capacity: byteCount.optional(),
  storage_type: name.default(STORAGE_TYPE),
  default: z.boolean().default(false),
});

const file = z.strictObject({ pools: z.array(entry).min(1, 'must name at least one pool') });

/** Reads the pools from a YAML file; relative paths in it start from its folder. What is wrong with it is added to `faults`. */
export async function readPoolsFile(path: string, faults: string[]): Promise<readonly ConfiguredPool[]> {
  const parsed = await parseFile(path, faults);
  if (parsed === null) return [];
  const only = parsed.length === 1;
  const pools = parsed.map((pool) => ({
    id: pool.mpid as PoolId,
    name: pool.name,
    capacity: pool.capacity ?? null,
    storageType: pool.storage_type,
    isDefault: pool.default || only,
    path: resolve(dirname(path), pool.path),
  }));
  faults.push(...contradictions(pools).map((fault) => `${path}: ${fault}`));
  return pools;
}

async function parseFile(path: string, faults: string[]): Promise<readonly z.output<typeof entry>[] | null> {
  try {
    const parsed = file.safeParse(parse(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data.pools;
    faults.push(...parsed.error.issues.map((issue) => [path, ...where(issue.path), issue.message].join(': ')));
  } catch (error) {
    faults.push(`${path}: can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

/** The place of a fault, such as `pools.0.capacity`; none for the whole file. */
function where(path: readonly PropertyKey[]): readonly string[] {
  return path.length === 0 ? [] : [path.map(String).join('.')];
}

function contradictions(pools: readonly ConfiguredPool[]): string[] {
  const faults: string[] = [];
  for (const id of repeated(pools.map((pool) => pool.id))) faults.push(`mpid ${id} is given to two pools`);
  for (const path of repeated(pools.map((pool) => pool.path))) faults.push(`two pools share the folder ${path}`);
  if (pools.filter((pool) => pool.isDefault).length !== 1) faults.push('exactly one pool must have "default: true"');
  return faults;
}

function repeated<T>(values: readonly T[]): ReadonlySet<T> {
  return new Set(values.filter((value, index) => values.indexOf(value) !== index));
}

function isName(text: string): boolean {
  try {
    requireName(text);
    return true;
  } catch {
    return false;
  }
}
