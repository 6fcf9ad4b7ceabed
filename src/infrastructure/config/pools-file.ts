import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Pool } from '../../domain/pools/pool.ts';
import type { PoolId } from '../../domain/shared/ids.ts';
import { requireName } from '../../domain/shared/name.ts';
import { byteSize } from './byte-size.ts';
import { bucketName, httpUrl, keyPrefix, s3Location } from './s3-location.ts';
import type { S3Location } from '../../adapters/blobs/s3/s3-location.ts';

/** A location of a pool: a folder, or a prefix in a bucket. */
export type ConfiguredLocation = LocalLocation | LocationInS3;

export interface LocalLocation {
  /** The number of this location in its pool; the marker has the same number. */
  readonly location: number;
  /** An absolute path. */
  readonly path: string;
}

export interface LocationInS3 {
  /** As in `LocalLocation`. */
  readonly location: number;
  readonly s3: S3Location;
}

/** A pool with its location. */
export type ConfiguredPool = Pool &
  ConfiguredLocation & {
    /** The location that the pool moves to; null while it does not move. */
    readonly movingTo: ConfiguredLocation | null;
  };

/** The storage type of a pool that names none (docs/cloudsigma.md#drives). */
const STORAGE_TYPE = 'dssd';

const name = z.string().refine(isName, 'must have 1 to 255 bytes and no control characters');

/** The range of the column in the database. */
const locationNumber = z.int().min(0).max(32_767);

const onDisk = { backend: z.literal('local'), path: z.string().min(1) };

const inS3 = {
  backend: z.literal('s3'),
  bucket: bucketName,
  prefix: keyPrefix.optional(),
  endpoint: httpUrl.optional(),
  public_endpoint: httpUrl.optional(),
  region: z.string().min(1).optional(),
  force_path_style: z.boolean().optional(),
};

/** Makes `local` the default of `backend`. */
function withBackend<T extends z.ZodType>(schema: T) {
  return z.preprocess(
    (value) => (typeof value === 'object' && value !== null ? { backend: 'local', ...withLocation(value) } : value),
    schema,
  );
}

/** Accepts the former name of `location`, which pools files of older installations have. */
function withLocation(value: object): object {
  if (!('place' in value) || 'location' in value) return value;
  const { place: location, ...rest } = value;
  return { ...rest, location };
}

const target = withBackend(
  z.discriminatedUnion('backend', [
    z.strictObject({ ...onDisk, location: locationNumber }),
    z.strictObject({ ...inS3, location: locationNumber }),
  ]),
);

const common = {
  mpid: z.int().min(0),
  name,
  capacity: byteSize.optional(),
  storage_type: name.default(STORAGE_TYPE),
  default: z.boolean().default(false),
  location: locationNumber.default(0),
  moving_to: target.optional(),
};

const entry = withBackend(
  z.discriminatedUnion('backend', [z.strictObject({ ...common, ...onDisk }), z.strictObject({ ...common, ...inS3 })]),
);
type Entry = z.output<typeof entry>;
type LocationEntry = z.output<typeof target>;

const file = z.strictObject({ pools: z.array(entry).min(1, 'must name at least one pool') });

/**
 * Reads the pools from a YAML file, and adds its faults to `faults`. Relative paths start from the
 * folder of the file. `region` is the default for pools in S3.
 */
export async function readPoolsFile(
  path: string,
  region: string | null,
  faults: string[],
): Promise<readonly ConfiguredPool[]> {
  const parsed = await parseFile(path, faults);
  if (parsed === null) return [];
  const only = parsed.length === 1;
  const pools = parsed.map((pool) => ({
    ...locationOf(pool, dirname(path), region),
    movingTo: pool.moving_to === undefined ? null : locationOf(pool.moving_to, dirname(path), region),
    id: pool.mpid as PoolId,
    name: pool.name,
    capacity: pool.capacity ?? null,
    storageType: pool.storage_type,
    isDefault: pool.default || only,
  }));
  faults.push(...contradictions(pools).map((fault) => `${path}: ${fault}`));
  return pools;
}

async function parseFile(path: string, faults: string[]): Promise<readonly Entry[] | null> {
  // Loaded only with a pools file: the parser would slow every start.
  const { parse } = await import('yaml');
  try {
    const parsed = file.safeParse(parse(await readFile(path, 'utf8')));
    if (parsed.success) return parsed.data.pools;
    faults.push(...parsed.error.issues.map((issue) => [path, ...pathOf(issue.path), issue.message].join(': ')));
  } catch (error) {
    faults.push(`${path}: can't be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  return null;
}

/** Returns the path of a fault, such as `pools.0.capacity`; empty for the whole file. */
function pathOf(path: readonly PropertyKey[]): readonly string[] {
  return path.length === 0 ? [] : [path.map(String).join('.')];
}

function contradictions(pools: readonly ConfiguredPool[]): string[] {
  const faults: string[] = [];
  for (const id of repeated(pools.map((pool) => pool.id))) faults.push(`mpid ${id} is given to two pools`);
  const locations = pools.flatMap((pool) => [...new Set(locationsOf(pool).map(nameOfLocation))]);
  for (const location of repeated(locations)) faults.push(`two pools share ${location}`);
  for (const pool of pools) {
    const { id, location, movingTo } = pool;
    if (movingTo === null) continue;
    if (movingTo.location === location)
      faults.push(`pool ${id} moves from location ${location} to a location of the same number`);
    if (nameOfLocation(movingTo) === nameOfLocation(pool)) faults.push(`pool ${id} moves to where it lies`);
  }
  if (pools.filter((pool) => pool.isDefault).length !== 1) faults.push('exactly one pool must have "default: true"');
  return faults;
}

function locationOf(entry: LocationEntry, folder: string, region: string | null): ConfiguredLocation {
  const { location } = entry;
  if (entry.backend === 'local') return { location, path: resolve(folder, entry.path) };
  return {
    location,
    s3: s3Location({
      bucket: entry.bucket,
      prefix: entry.prefix ?? '',
      endpoint: entry.endpoint ?? null,
      publicEndpoint: entry.public_endpoint ?? null,
      region: entry.region ?? region,
      forcePathStyle: entry.force_path_style ?? null,
    }),
  };
}

/** Returns the location of a pool, followed by the one that it moves to, if it moves. */
export function locationsOf(pool: ConfiguredPool): readonly ConfiguredLocation[] {
  return pool.movingTo === null ? [pool] : [pool, pool.movingTo];
}

function nameOfLocation(location: ConfiguredLocation): string {
  if ('path' in location) return `the folder ${location.path}`;
  const { endpoint, bucket, prefix } = location.s3;
  return `the bucket ${bucket}${prefix && ` and the prefix ${prefix}`}${endpoint === null ? '' : ` on ${endpoint}`}`;
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
