import type { Command } from 'commander';
import { Groups } from '../find/groups.ts';
import { poolsOf, type AssignedPool } from '../find/pools.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';

/** A user and one of its permissions. */
interface HeldPermission {
  readonly id: number;
  readonly name: string;
  readonly permission: string;
}

const MEMBER_COLUMNS: readonly Column<HeldPermission>[] = [
  { title: 'ID', show: ({ id }) => String(id), align: 'right' },
  { title: 'USER', show: ({ name }) => name },
  { title: 'PERMISSION', show: ({ permission }) => permission },
];

const POOL_COLUMNS: readonly Column<AssignedPool>[] = [
  { title: 'ID', show: ({ pool }) => String(pool), align: 'right' },
  { title: 'POOL', show: ({ name }) => name },
  { title: 'WRITE', show: ({ write }) => (write ? 'yes' : 'no') },
  { title: 'MANAGE', show: ({ manage }) => (manage ? 'yes' : 'no') },
  sizeColumn('QUOTA', ({ quota }) => (quota === 0 ? null : quota)),
  sizeColumn('USED', ({ used_bytes: used }) => used),
  sizeColumn('AVAILABLE', ({ available_bytes: available }) => available),
];

/** Adds `platter group members` and `platter group pools`. */
export function addGroupAccess(group: Command, shell: Shell): void {
  group
    .command('members <group>')
    .description('list the permissions that users hold directly on a group')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter group members lab/build')
    .action(async (text: string, options: JsonOption) => listMembers(shell, text, options));
  group
    .command('pools <group>')
    .description('list the pools that are assigned to a group, with its rights and quotas')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter group pools lab/build')
    .action(async (text: string, options: JsonOption) => {
      const api = await shell.api();
      const { id } = (await Groups.of(api)).find(text);
      shell.printList(POOL_COLUMNS, await poolsOf(api, id), options);
    });
}

async function listMembers(shell: Shell, text: string, { json }: JsonOption): Promise<void> {
  const api = await shell.api();
  const { id: group } = (await Groups.of(api)).find(text);
  const members = await api.all('/v1/groups/{group}/members', { path: { group } });
  if (json === true) shell.printJson(members);
  else
    shell.printTable(
      MEMBER_COLUMNS,
      members.flatMap(({ id, name, permissions }) => permissions.map((permission) => ({ id, name, permission }))),
    );
}
