import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** Where the pools of a host lie, by their ids, in the order of its pools file; without one there is pool 1 below the data directory. */
export function poolFoldersOf(poolsFile: string | undefined, dataDirectory: string): ReadonlyMap<number, string> {
  if (poolsFile === undefined) return new Map([[1, join(dataDirectory, 'pools', '1')]]);
  const { pools } = parse(poolsFile) as { pools: { mpid: number; path: string }[] };
  return new Map(pools.map(({ mpid, path }) => [mpid, resolve(dataDirectory, path)]));
}
