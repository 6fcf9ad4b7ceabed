import type { Command } from 'commander';
import type { Api } from '../api/api.ts';
import type { PlanOption } from '../api/dry-run.ts';
import { ApiProblem } from '../api/problem.ts';
import { Groups, type Group } from '../find/groups.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { confirm, type YesOption } from '../terminal/confirm.ts';
import { printable } from '../values/printable.ts';
import { formatSize } from '../values/sizes.ts';
import { groupColumns } from './group-columns.ts';

type RemoveOptions = JsonOption & YesOption & PlanOption;

/** Adds `platter group rm`. */
export function addGroupRm(group: Command, shell: Shell): void {
  group
    .command('rm <group>')
    .description('delete a group with all groups below it and their media, the trash included')
    .option('--plan', 'list the groups that would be deleted, and change nothing')
    .option('--yes', 'do not ask')
    .option('--json', 'with --plan, print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter group rm lab/build --plan')
    .action(async (text: string, options: RemoveOptions) => remove(shell, text, options));
}

async function remove(shell: Shell, text: string, options: RemoveOptions): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const { id: group } = groups.find(text);
  const below = groups.below(group);
  // What is refused is refused before the question.
  await api.call('delete', '/v1/groups/{group}', { path: { group }, query: { dry_run: 'true' } });
  const what = `${printable(groups.pathOf(group))}${contentsOf(below, await mediaOf(api, group))}`;
  if (options.plan === true) {
    shell.printList(groupColumns(groups), below, options);
    shell.say(`This would delete ${what}.`);
    return;
  }
  await confirm(`Delete ${what} for good?`, options);
  await api.call('delete', '/v1/groups/{group}', { path: { group } });
  shell.say(`Deleted ${what}.`);
}

interface MediaCount {
  readonly items: number;
  readonly bytes: number;
}

/** Counts the media of a group and all below it; null where the caller may not see their usage. */
async function mediaOf(api: Api, group: number): Promise<MediaCount | null> {
  try {
    const { items } = await api.call('get', '/v1/groups/{group}/usage', { path: { group } });
    return {
      items: items.reduce((sum, pool) => sum + pool.items, 0),
      bytes: items.reduce((sum, { used }) => sum + used.total_bytes, 0),
    };
  } catch (error) {
    if (error instanceof ApiProblem && error.reason === 'noRights') return null;
    throw error;
  }
}

function contentsOf(groups: readonly Group[], media: MediaCount | null): string {
  const below = groups.length === 1 ? [] : [counted(groups.length - 1, 'group below it', 'groups below it')];
  const items =
    media === null ? 'all their media' : `${counted(media.items, 'item', 'items')} (${formatSize(media.bytes)})`;
  return ` with ${[...below, items].join(' and ')}`;
}

function counted(count: number, one: string, several: string): string {
  return `${count} ${count === 1 ? one : several}`;
}
