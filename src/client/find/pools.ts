import type { Api, Output } from '../api/api.ts';
import type { paths } from '../api/v1.d.ts';
import { CommandFailure } from '../command-failure.ts';
import { printable } from '../values/printable.ts';

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
  const pools = await poolsOf(api, group);
  const found = pools.filter(({ pool, name }) => (/^\d+$/.test(text) ? pool === Number(text) : name === text));
  const [pool] = found;
  const known = pools.map(({ pool: id, name }) => `  ${id} ${printable(name)}`).join('\n');
  if (pool === undefined) {
    throw new CommandFailure(
      'notFound',
      `the group has no pool "${printable(text)}"${known === '' ? '' : `; it has\n${known}`}`,
    );
  }
  if (found.length === 1) return pool;
  throw new CommandFailure('usage', `several pools are called "${printable(text)}":\n${known}`, 'Use the number.');
}
