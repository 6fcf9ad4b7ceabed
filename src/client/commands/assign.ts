import type { Command } from 'commander';
import { dryRun, type PlanOption } from '../api/dry-run.ts';
import { CommandFailure } from '../command-failure.ts';
import { Groups } from '../find/groups.ts';
import { findPoolAbove, poolsOf } from '../find/pools.ts';
import type { Shell } from '../shell.ts';
import { printable } from '../values/printable.ts';
import { formatSize, parseSize } from '../values/sizes.ts';

interface AssignOptions extends PlanOption {
  readonly quota?: string;
  readonly write?: boolean;
  readonly manage?: boolean;
}

/** What a group gets that has nothing yet: all rights, and no limit. */
const ALL = { quota: 0, write: true, manage: true } as const;
const UNLIMITED = 'none';

/** Adds `platter assign` and `platter unassign`. */
export function addAssign(program: Command, shell: Shell): void {
  program
    .command('assign <group> <pool>')
    .description('let a group use a pool, or change its rights and its quota there')
    .option('--quota <size>', `the quota of the group with all below it, or "${UNLIMITED}"`)
    .option('--write', 'the group may write to its media there')
    .option('--no-write', 'the group may not write to its media there')
    .option('--manage', 'the group may add and delete media there')
    .option('--no-manage', 'the group may neither add nor delete media there')
    .option('--plan', 'check whether it is possible, and change nothing')
    .addHelpText(
      'after',
      `
What no option says stays as it is. A new assignment has all rights and no quota.

Example:
  platter assign lab/build default --quota 500G`,
    )
    .action(async (group: string, pool: string, options: AssignOptions) => assign(shell, group, pool, options));
  program
    .command('unassign <group> <pool>')
    .description('end the use of a pool by a group; its media stay, and are not listed')
    .option('--plan', 'check whether it is possible, and change nothing')
    .addHelpText('after', '\nExample:\n  platter unassign lab/build default')
    .action(async (group: string, pool: string, options: PlanOption) => unassign(shell, group, pool, options));
}

async function assign(shell: Shell, groupText: string, poolText: string, options: AssignOptions): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const group = groups.find(groupText);
  const pool = await findPoolAbove(api, group.path, poolText);
  const now = (await poolsOf(api, group.id)).find((one) => one.pool === pool) ?? ALL;
  const { write = now.write, manage = now.manage } = options;
  const quota = options.quota === undefined ? now.quota : quotaOf(options.quota);
  await api.call('put', '/v1/groups/{group}/assignments/{pool}', {
    path: { group: group.id, pool },
    query: dryRun(options),
    body: { quota, write, manage },
  });
  const rights = [write ? 'write' : null, manage ? 'manage' : null].filter((right) => right !== null);
  const terms = `${rights.length === 0 ? 'read only' : rights.join(' and ')}, ${
    quota === 0 ? 'no quota' : `a quota of ${formatSize(quota)}`
  }`;
  const path = printable(groups.pathOf(group.id));
  shell.say(`${options.plan === true ? 'Possible: pool' : 'Pool'} ${pool} is assigned to ${path}: ${terms}.`);
}

async function unassign(shell: Shell, groupText: string, poolText: string, options: PlanOption): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const group = groups.find(groupText);
  const pool = await findPoolAbove(api, group.path, poolText);
  await api.call('delete', '/v1/groups/{group}/assignments/{pool}', {
    path: { group: group.id, pool },
    query: dryRun(options),
  });
  const path = printable(groups.pathOf(group.id));
  shell.say(`${options.plan === true ? 'Possible: pool' : 'Pool'} ${pool} is not assigned to ${path}.`);
}

function quotaOf(text: string): number {
  if (text === UNLIMITED) return 0;
  const quota = parseSize(text);
  if (quota > 0) return quota;
  // The API has 0 for no limit, which is the opposite of what it seems to say.
  throw new CommandFailure('usage', 'a quota is above 0', `Write "${UNLIMITED}" for no limit, or use --no-manage.`);
}
