import { ApiProblem } from '../api/problem.ts';
import type { Api, Output } from '../api/api.ts';
import type { paths } from '../api/v1.d.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';
import { homeGroup } from './groups.ts';

export type AssignedPool = Output<paths['/v1/groups/{group}/assignments']['get']>['items'][number];

/** Asks the server for the pools of a group. */
export async function poolsOf(api: Api, group: number): Promise<readonly AssignedPool[]> {
  return (await api.call('get', '/v1/groups/{group}/assignments', { path: { group } })).items;
}

/**
 * Finds a pool of a group by number or name.
 *
 * @throws notFound without such a pool; usage with several of this name
 */
export async function findPool(api: Api, group: number, text: string): Promise<AssignedPool> {
  return choose(await poolsOf(api, group), text, 'the group has no pool');
}

/**
 * Returns the number of a pool, from its number or its name in the home group. A number is not
 * looked up.
 *
 * @throws notFound without a pool of that name; usage with several, or without a home group
 */
export async function findPoolNumber(api: Api, text: string): Promise<number> {
  return /^\d+$/.test(text) ? Number(text) : (await findPool(api, await homeGroup(api), text)).pool;
}

/**
 * Returns the number of a pool that a group, or one of those above it, has. A number is not looked
 * up.
 *
 * @param path from the root to the group
 * @throws notFound without a pool of that name; usage with several
 */
export async function findPoolAbove(api: Api, path: readonly number[], text: string): Promise<number> {
  if (/^\d+$/.test(text)) return Number(text);
  const pools = new Map<number, AssignedPool>();
  for (const group of path) for (const one of await visiblePoolsOf(api, group)) pools.set(one.pool, one);
  return choose([...pools.values()], text, 'neither the group nor one above it has a pool').pool;
}

async function visiblePoolsOf(api: Api, group: number): Promise<readonly AssignedPool[]> {
  try {
    return await poolsOf(api, group);
  } catch (error) {
    // A user of a group may not list the pools of those above it.
    if (error instanceof ApiProblem && ['noRights', 'notFound'].includes(error.reason)) return [];
    throw error;
  }
}

function choose(pools: readonly AssignedPool[], text: string, missing: string): AssignedPool {
  const found = pools.filter(({ pool, name }) => (/^\d+$/.test(text) ? pool === Number(text) : name === text));
  const [pool] = found;
  const known = pools.map(({ pool: id, name }) => `  ${id} ${printable(name)}`).join('\n');
  if (pool === undefined) {
    throw new CommandFailure(
      'notFound',
      `${missing} "${printable(text)}"${known === '' ? '' : `; there are\n${known}`}`,
    );
  }
  if (found.length === 1) return pool;
  throw new CommandFailure('usage', `several pools are called "${printable(text)}":\n${known}`, 'Use the number.');
}
