import type { Command } from 'commander';
import type { Item } from '../api/api.ts';
import { Groups } from '../find/groups.ts';
import { poolsOf, type AssignedPool } from '../find/pools.ts';
import type { JsonOption, Shell } from '../shell.ts';
import { sizeColumn } from '../terminal/columns.ts';
import type { Column } from '../terminal/table.ts';

/** A user, and one of its permissions with the group that it was granted on. */
interface Grant {
  readonly id: number;
  readonly name: string;
  readonly permission: string;
  readonly group: number;
}

const POOL_COLUMNS: readonly Column<AssignedPool>[] = [
  { title: 'ID', show: ({ pool }) => String(pool), align: 'right' },
  { title: 'POOL', show: ({ name }) => name },
  { title: 'WRITE', show: ({ write }) => (write ? 'yes' : 'no') },
  { title: 'MANAGE', show: ({ manage }) => (manage ? 'yes' : 'no') },
  sizeColumn('QUOTA', ({ quota }) => (quota === 0 ? null : quota)),
  sizeColumn('USED', ({ used_bytes: used }) => used),
  sizeColumn('AVAILABLE', ({ available_bytes: available }) => available),
];

/** Adds `platter group grants` and `platter group pools`. */
export function addGroupAccess(group: Command, shell: Shell): void {
  group
    .command('grants <group>')
    .description('list who may what in a group, and on which group it was granted')
    .option('--json', 'print the objects of the API as a JSON array')
    .addHelpText('after', '\nExample:\n  platter group grants lab/build')
    .action(async (text: string, options: JsonOption) => listGrants(shell, text, options));
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

async function listGrants(shell: Shell, text: string, { json }: JsonOption): Promise<void> {
  const api = await shell.api();
  const groups = await Groups.of(api);
  const { id: group } = groups.find(text);
  const users = await api.all('/v1/groups/{group}/grants', { path: { group } });
  if (json === true) shell.printJson(users);
  else shell.printTable(grantColumns(groups), users.flatMap(grantsOf));
}

function grantsOf({ id, name, grants }: Item<'/v1/groups/{group}/grants'>): readonly Grant[] {
  return grants.map((grant) => ({ id, name, ...grant }));
}

function grantColumns(groups: Groups): readonly Column<Grant>[] {
  return [
    { title: 'ID', show: ({ id }) => String(id), align: 'right' },
    { title: 'USER', show: ({ name }) => name },
    { title: 'PERMISSION', show: ({ permission }) => permission },
    { title: 'GRANTED ON', show: ({ group }) => groups.pathOf(group) },
  ];
}
